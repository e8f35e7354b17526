package io.treegrad.spark;

/**
 * The heaps of an application's processes, in bytes.
 *
 * @param isShared whether the tasks run in the driver's own process
 * @param tasksOfAnExecutor that surely run at once in an executor
 */
public record ClusterMemory(boolean isShared, long driverBytes, long executorBytes, int tasksOfAnExecutor) {
    private static final long RESERVED_BYTES = 300L << 20;

    /** What is left of a heap when Spark has taken its own part first. */
    public static long leftOf(long heapBytes) {
        return Math.max(0, heapBytes - RESERVED_BYTES);
    }
}
