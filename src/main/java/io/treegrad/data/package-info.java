/**
 * Rows: what a source of rows is, how rows lie in memory, and which of them a step takes.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>{@link io.treegrad.data.RowSource} is a data set in storage: a small value that is sent to tasks. It is read
 *       through {@link io.treegrad.data.Storage}, so that this package depends on no file system except the JDK's.
 *       Package {@code formats} reads files; {@link io.treegrad.data.SyntheticDigits} needs none.
 *   <li>{@link io.treegrad.data.RowSet} names some rows of a source; {@link io.treegrad.data.Split} makes the sets for
 *       training, validation and test. {@link io.treegrad.data.BadRows} collects those that cannot be read.
 *   <li>{@link io.treegrad.data.Rows} are rows in memory as they were stored; {@link io.treegrad.data.Scaling} turns
 *       their values into the inputs of a network. {@link io.treegrad.data.RowCounts} counts what they are like.
 *   <li>{@link io.treegrad.data.ShardPlan} cuts the training rows into gradient shards, and
 *       {@link io.treegrad.data.StepPlan} says which rows of a shard each step takes. Both are pure functions of
 *       hyper-parameters: they do not depend on the cluster.
 * </ol>
 *
 * <p>Data that cannot be used ends in a {@link io.treegrad.common.UserError} that names the path, what was found and
 * what was expected. An {@link java.io.IOException} means that storage failed, and may be worth another attempt.
 */
package io.treegrad.data;
