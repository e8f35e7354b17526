package io.treegrad.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;

/** What one task of the barrier job does: joins the worker group of its JVM under its rank and answers until dismissed. */
record ResidentTask(String group, WorkSpec spec)
        implements Function1<scala.collection.Iterator<CachedPartition>, scala.collection.Iterator<Object>>,
                Serializable {
    private static final long PAUSE_NANOS = 1_000_000;

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
                lead(workers, SparkEnv.get().executorId() + " at " + here, members, check);
            }
        } finally {
            workers.dismiss();
        }
    }

    /** Takes requests from the driver to the workers of this executor, and its joined answers back. */
    private void lead(LocalWorkerGroup workers, String executor, int members, Runnable check) {
        while (!workers.isComplete()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            check.run();
        }
        Optional<ExecutorEndpoint> endpoint = ResidentPlugin.endpoint();
        String address = endpoint.map(ExecutorEndpoint::address).orElse(null);
        DriverUplink driver = new DriverUplink(new ExecutorReport(group, executor, address, members, 0, null), check);
        if (endpoint.isEmpty()) {
            answerOverRpc(workers, driver, check);
            return;
        }
        try (DriverConnection connection =
                endpoint.get().expect(group, spec.network().parameterCount())) {
            if (answerOverRpc(workers, driver, check) instanceof ExecutorReport.Reply.Connected) {
                answer(workers, driver, connection, check);
            }
        }
    }

    /** Until the driver says that no request will come over Spark's RPC; returns what it says. */
    private static ExecutorReport.Reply answerOverRpc(LocalWorkerGroup workers, DriverUplink driver, Runnable check) {
        ExecutorReport.Reply reply = driver.await(driver.poll());
        while (reply instanceof ExecutorReport.Reply.Work work) {
            reply = driver.await(driver.tell(work.number(), workers.ask(work.request(), check)));
        }
        return reply;
    }

    /** Until the driver closes the connection. Evaluations are few and small, and are answered over Spark's RPC. */
    private static void answer(
            LocalWorkerGroup workers, DriverUplink driver, DriverConnection connection, Runnable check) {
        ExecutorReport.Reply.Work work = connection.await(0, check);
        while (work != null) {
            if (work.request() instanceof Request.Gradient gradient) {
                connection.answer(work.number(), workers.ask(gradient, check));
            } else {
                driver.tell(work.number(), workers.ask(work.request(), check));
            }
            work = connection.await(work.number(), check);
        }
        if (!(driver.poll() instanceof ExecutorReport.Reply.Dismissed)) {
            throw new IllegalStateException("the connection to the driver broke: " + connection.broken());
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
