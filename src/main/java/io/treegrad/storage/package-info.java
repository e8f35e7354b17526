/**
 * What runs leave behind, on local disks, HDFS and object stores, and how it stays whole whatever fails. Knows Hadoop's file
 * systems, but no Spark.
 *
 * <p>Reading order: {@link io.treegrad.storage.HadoopStorage} finds out where a path leads and {@link
 * io.treegrad.storage.StoragePath} is what can be done there; {@code Commit} is the one way in which a directory of files
 * comes to be; {@link io.treegrad.storage.Lock} lets one process at a time work; {@link
 * io.treegrad.storage.OutputDirectory}, {@link io.treegrad.storage.RunDirectory} and {@link
 * io.treegrad.storage.Checkpoints} are the layout.
 */
package io.treegrad.storage;
