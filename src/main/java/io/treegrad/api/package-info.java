/**
 * Models for other programs: load a published model from a local disk and predict, with neither Spark nor Hadoop on the
 * class path, only Jackson. {@link io.treegrad.api.Model} is the entry; in a Spark application,
 * {@code io.treegrad.spark.VectorPredictor} takes vectors of Spark ML.
 */
package io.treegrad.api;
