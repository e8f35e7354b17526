package io.treegrad.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.plugin.PluginContext;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;

/** What one task of the barrier job does: joins the worker group of its JVM under its rank and answers until dismissed. */
record ResidentTask(String group, WorkSpec spec)
        implements Function1<scala.collection.Iterator<CachedPartition>, scala.collection.Iterator<Object>>,
                Serializable {
    private static final long SHORTEST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    @Override
    public scala.collection.Iterator<Object> apply(scala.collection.Iterator<CachedPartition> rows) {
        run(rows.next().shards());
        Iterator<Object> nothing = Collections.emptyIterator();
        return CollectionConverters.asScala(nothing);
    }

    private void run(PartitionShards rows) {
        BarrierTaskContext context = BarrierTaskContext.get();
        String[] addresses = Arrays.stream(context.getTaskInfos())
                .map(BarrierTaskInfo::address)
                .toArray(String[]::new);
        String here = addresses[context.partitionId()];
        int members = 0;
        int rank = 0;
        for (int task = 0; task < addresses.length; task++) {
            if (addresses[task].equals(here)) {
                rank += task < context.partitionId() ? 1 : 0;
                members++;
            }
        }
        LocalWorkerGroup workers = LocalWorkerGroup.of(group, members);
        boolean driverLeads = SparkEnv.get().blockManager().blockManagerId().isDriver();
        Runnable check = checkOf(context);
        try {
            workers.join(rank, new ShardWorker(spec, rows));
            if (rank > 0) {
                workers.answer(rank, check);
            } else if (driverLeads) {
                workers.lendFirstWorker(check);
            } else {
                lead(
                        workers,
                        new ExecutorReport(group, SparkEnv.get().executorId() + " at " + here, members, 0, null),
                        check);
            }
        } finally {
            workers.dismiss();
        }
    }

    /** Takes requests from the driver to the workers of this executor, and its joined answers back. */
    private void lead(LocalWorkerGroup workers, ExecutorReport join, Runnable check) {
        while (!workers.isComplete()) {
            LockSupport.parkNanos(LONGEST_PAUSE_NANOS);
            check.run();
        }
        PluginContext uplink = ResidentPlugin.uplink();
        ExecutorReport report = join;
        while (true) {
            ExecutorReport.Reply reply = send(uplink, Message.encode(report));
            Object[] poll = Message.encode(report.withoutAnswer());
            for (long pause = SHORTEST_PAUSE_NANOS;
                    reply instanceof ExecutorReport.Reply.Wait;
                    pause = longerThan(pause)) {
                LockSupport.parkNanos(pause);
                check.run();
                reply = send(uplink, poll);
            }
            if (!(reply instanceof ExecutorReport.Reply.Work work)) {
                return;
            }
            report = new ExecutorReport(
                    join.group(), join.executor(), join.members(), work.number(), workers.ask(work.request(), check));
        }
    }

    /** Twice as long, up to a limit. */
    static long longerThan(long pauseNanos) {
        return Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }

    private static ExecutorReport.Reply send(PluginContext uplink, Object[] report) {
        try {
            return Message.decode(uplink.ask(report), ExecutorReport.Reply.class);
        } catch (Exception e) {
            throw new IllegalStateException("the driver cannot be reached", e);
        }
    }

    private static Runnable checkOf(TaskContext context) {
        return () -> {
            if (context.isInterrupted()) {
                throw new TaskKilledException(context.getKillReason().getOrElse(() -> "killed"));
            }
        };
    }
}
