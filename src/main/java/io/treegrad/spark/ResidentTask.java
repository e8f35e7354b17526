package io.treegrad.spark;

import io.treegrad.spark.exchange.GroupLeader;
import io.treegrad.spark.exchange.LocalWorkerGroup;
import io.treegrad.worker.CachedPartition;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardWorker;
import io.treegrad.worker.WorkSpec;
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
                while (!workers.isComplete()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                    check.run();
                }
                String executor = SparkEnv.get().executorId() + " at " + here;
                new GroupLeader(group, executor, members, spec, workers, ResidentPlugin.uplink()::ask, check)
                        .answer(ResidentPlugin.endpoint());
            }
        } finally {
            workers.dismiss();
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
