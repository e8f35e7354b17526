package io.treegrad.spark;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Counts jobs and tasks of a cluster, from the moment of {@link #of} on. Spark tells of them a little late. */
final class Tasks extends SparkListener {
    private final AtomicInteger jobs = new AtomicInteger();
    private final AtomicInteger speculative = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Queue<Long> started = new ConcurrentLinkedQueue<>();

    private Tasks() {}

    static Tasks of(Cluster cluster) {
        Tasks tasks = new Tasks();
        cluster.context().sc().addSparkListener(tasks);
        return tasks;
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        jobs.incrementAndGet();
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        if (event.taskInfo().speculative()) {
            speculative.incrementAndGet();
        }
        started.add(event.taskInfo().taskId());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (!event.taskInfo().successful()) {
            failed.incrementAndGet();
        }
    }

    int jobs() {
        return jobs.get();
    }

    int speculative() {
        return speculative.get();
    }

    int failed() {
        return failed.get();
    }

    /** Numbers by which Spark knows the tasks that were started, in this order. */
    Queue<Long> started() {
        return started;
    }
}
