/**
 * What a task computes on the rows of its partition, wherever it runs: no Spark.
 *
 * <p>{@link io.treegrad.worker.ShardAssignment} says which partition holds which shards,
 * {@link io.treegrad.worker.PartitionShards} are the rows of one partition, and {@link io.treegrad.worker.ShardWorker} sums
 * gradients and losses over them, shard by shard. {@link io.treegrad.worker.CachedPartition} keeps both from step to step.
 */
package io.treegrad.worker;
