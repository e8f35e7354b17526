/**
 * The only package that knows Spark: rows on executors, the step engines, and what travels between them.
 *
 * <p>Reading order: {@link io.treegrad.spark.Cluster} starts Spark; {@link io.treegrad.spark.DistributedRows} places
 * shards on partitions, whose tasks read their own rows ({@link io.treegrad.spark.PartitionShards});
 * {@link io.treegrad.spark.ShardWorker} computes on the rows of one partition; a
 * {@link io.treegrad.spark.StepEngine} brings parameters there and sums back.
 */
package io.treegrad.spark;
