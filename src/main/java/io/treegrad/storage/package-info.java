/**
 * The files of runs on local disks, HDFS and object stores, and how they stay consistent when something fails. Depends
 * on Hadoop's file systems, but not on Spark.
 *
 * <p>Reading order: {@link io.treegrad.storage.HadoopStorage} finds the file system of a path, and
 * {@link io.treegrad.storage.StoragePath} is what can be done there; {@code Commit} is how a directory of files is
 * created, {@link io.treegrad.storage.PartDirectory} how tasks write one together;
 * {@link io.treegrad.storage.Lock} lets one process at a time work; {@link io.treegrad.storage.OutputDirectory},
 * {@link io.treegrad.storage.RunDirectory} and {@link io.treegrad.storage.Checkpoints} are the layout.
 */
package io.treegrad.storage;
