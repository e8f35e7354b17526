/**
 * The only package that knows Spark and Hadoop: rows on executors, the step engines, evaluation, storage.
 *
 * <p>Reading order: {@link io.treegrad.spark.Cluster} starts Spark; {@link io.treegrad.spark.DistributedRows} places
 * shards on partitions, whose tasks read their own rows ({@link io.treegrad.spark.PartitionRows});
 * {@link io.treegrad.spark.PartitionWorker} computes on the rows of one partition; a
 * {@link io.treegrad.spark.StepEngine} brings parameters there and sums back.
 */
package io.treegrad.spark;
