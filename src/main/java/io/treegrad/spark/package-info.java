/**
 * The only package, with {@link io.treegrad.spark.exchange} below it, that knows Spark: rows on executors and the step
 * engines.
 *
 * <p>Reading order: {@link io.treegrad.spark.Cluster} starts Spark; {@link io.treegrad.spark.DistributedRows} places
 * shards on partitions, whose tasks read their own rows ({@link io.treegrad.spark.RowReader}) and keep them with the workers
 * that compute on them ({@link io.treegrad.worker.CachedPartition}); a {@link io.treegrad.spark.StepEngine} brings parameters
 * there and sums back. {@link io.treegrad.spark.EngineDecision} says which engine and how many executors pay, with the rates
 * of {@link io.treegrad.spark.ClusterProbe}.
 *
 * <p>Beside training: {@link io.treegrad.spark.DataSurvey} looks at the data, {@link io.treegrad.spark.Predictions} predicts
 * rows in tasks, {@link io.treegrad.spark.RunMetrics} shows a run to Spark's metrics system.
 */
package io.treegrad.spark;
