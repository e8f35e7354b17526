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

/** What one task of the barrier job does: takes its seat among the tasks of its JVM and answers until dismissed. */
record ResidentTask(String crew, WorkSpec spec)
        implements Function1<scala.collection.Iterator<PartitionRows>, scala.collection.Iterator<Object>>,
                Serializable {
    private static final long SHORTEST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    @Override
    public scala.collection.Iterator<Object> apply(scala.collection.Iterator<PartitionRows> rows) {
        run(rows.next());
        Iterator<Object> nothing = Collections.emptyIterator();
        return CollectionConverters.asScala(nothing);
    }

    private void run(PartitionRows rows) {
        BarrierTaskContext context = BarrierTaskContext.get();
        String[] addresses = Arrays.stream(context.getTaskInfos())
                .map(BarrierTaskInfo::address)
                .toArray(String[]::new);
        String here = addresses[context.partitionId()];
        int members = 0;
        int seat = 0;
        for (int task = 0; task < addresses.length; task++) {
            if (addresses[task].equals(here)) {
                seat += task < context.partitionId() ? 1 : 0;
                members++;
            }
        }
        Team team = Team.of(crew, members);
        boolean driverLeads = SparkEnv.get().blockManager().blockManagerId().isDriver();
        Runnable check = checkOf(context);
        try {
            team.take(seat, new PartitionWorker(spec, rows));
            if (seat > 0) {
                team.follow(seat, check);
            } else if (driverLeads) {
                team.rest(check);
            } else {
                lead(team, new CrewReport(crew, SparkEnv.get().executorId() + " at " + here, members, 0, null), check);
            }
        } finally {
            team.dismiss();
        }
    }

    /** Takes requests from the driver to this executor's team, and its joined answers back. */
    private void lead(Team team, CrewReport join, Runnable check) {
        while (!team.isComplete()) {
            LockSupport.parkNanos(LONGEST_PAUSE_NANOS);
            check.run();
        }
        PluginContext uplink = ResidentPlugin.uplink();
        CrewReport report = join;
        while (true) {
            CrewReport.Reply reply = send(uplink, Message.encode(report));
            Object[] poll = Message.encode(report.withoutAnswer());
            for (long pause = SHORTEST_PAUSE_NANOS; reply instanceof CrewReport.Reply.Wait; pause = longerThan(pause)) {
                LockSupport.parkNanos(pause);
                check.run();
                reply = send(uplink, poll);
            }
            if (!(reply instanceof CrewReport.Reply.Work work)) {
                return;
            }
            report = new CrewReport(
                    join.crew(), join.executor(), join.members(), work.number(), team.ask(work.request(), check));
        }
    }

    /** Twice as long, up to a limit. */
    static long longerThan(long pauseNanos) {
        return Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }

    private static CrewReport.Reply send(PluginContext uplink, Object[] report) {
        try {
            return Message.decode(uplink.ask(report), CrewReport.Reply.class);
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
