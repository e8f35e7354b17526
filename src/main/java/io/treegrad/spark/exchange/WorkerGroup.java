package io.treegrad.spark.exchange;

import io.treegrad.network.Sum;

/** All workers of a barrier job, as the driver sees them: in its own JVM, or on executors. */
public interface WorkerGroup {
    /** Whether every worker has arrived. */
    boolean isComplete();

    /**
     * Has every worker answer and adds the answers up.
     *
     * @param check called now and then while waiting; throws to give up
     */
    <T extends Sum<T>> Answer<T> ask(Request<T> request, Runnable check);

    /** Whom an unfinished wait is for, in words. */
    String awaited();

    /** Dismisses the workers; their tasks end. */
    void dismiss();
}
