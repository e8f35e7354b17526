/**
 * The only package that knows Spark: rows on executors, the step engines, and what travels between them.
 *
 * <p>Reading order: {@link io.treegrad.spark.Cluster} starts Spark; {@link io.treegrad.spark.DistributedRows} places
 * shards on partitions, whose tasks read their own rows ({@link io.treegrad.spark.PartitionShards});
 * {@link io.treegrad.spark.ShardWorker} computes on the rows of one partition; a
 * {@link io.treegrad.spark.StepEngine} brings parameters there and sums back.
 *
 * <p>The exchange of the resident engine: {@link io.treegrad.spark.RemoteWorkerGroup} and
 * {@link io.treegrad.spark.NetworkExchange} on the driver; {@link io.treegrad.spark.ExecutorEndpoint} and
 * {@link io.treegrad.spark.ExecutorExchange} on an executor, whose tasks {@link io.treegrad.spark.GroupLeader} leads;
 * {@link io.treegrad.spark.StreamHeader}, {@link io.treegrad.spark.FloatStream} and
 * {@link io.treegrad.spark.FloatReceiver} on the wire. How many executors pay: {@link io.treegrad.spark.CostModel}, with the
 * rates of {@link io.treegrad.spark.ClusterProbe}.
 *
 * <p>Beside training: {@link io.treegrad.spark.DataSurvey} looks at the data, {@link io.treegrad.spark.Predictions} predicts
 * rows in tasks, {@link io.treegrad.spark.RunMetrics} shows a run to Spark's metrics system.
 */
package io.treegrad.spark;
