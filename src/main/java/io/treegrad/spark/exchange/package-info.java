/**
 * What travels between the driver and the executors of the resident engine, and how: parameters there, sums back, over
 * connections of our own or, where the driver cannot connect, over Spark's RPC.
 *
 * <p>Reading order: {@link io.treegrad.spark.exchange.Request} and {@link io.treegrad.spark.exchange.Answer} are what is said.
 * A {@link io.treegrad.spark.exchange.WorkerGroup} is asked: a {@link io.treegrad.spark.exchange.LocalWorkerGroup} in this
 * JVM, or a {@link io.treegrad.spark.exchange.RemoteWorkerGroup} on executors, on each of which a
 * {@link io.treegrad.spark.exchange.GroupLeader} passes requests on to a local group.
 *
 * <p>The connections: {@link io.treegrad.spark.exchange.NetworkExchange} is the end at the driver,
 * {@link io.treegrad.spark.exchange.ExecutorEndpoint} and {@link io.treegrad.spark.exchange.ExecutorExchange} that at an
 * executor; {@link io.treegrad.spark.exchange.StreamHeader}, {@link io.treegrad.spark.exchange.FloatStream} and
 * {@link io.treegrad.spark.exchange.FloatReceiver} are on the wire. {@link io.treegrad.spark.exchange.CostModel} says what a
 * step costs on so many executors.
 */
package io.treegrad.spark.exchange;
