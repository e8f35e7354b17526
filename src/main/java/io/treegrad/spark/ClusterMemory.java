package io.treegrad.spark;

/**
 * The heaps of an application's processes, in bytes.
 *
 * @param isShared whether the tasks run in the driver's own process
 * @param tasksOfAnExecutor that surely run at once in an executor
 */
public record ClusterMemory(boolean isShared, long driverBytes, long executorBytes, int tasksOfAnExecutor) {}
