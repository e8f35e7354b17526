/**
 * The trained model, where it came from, and the files that hold it.
 *
 * <p>In reading order: {@link io.treegrad.model.TrainedModel} is a network with its parameters and everything needed to
 * use them, {@link io.treegrad.model.Provenance} is how it was made. {@link io.treegrad.model.SafeTensors} is the file
 * of its numbers, {@link io.treegrad.model.OnnxModel} the file for other programs,
 * {@link io.treegrad.model.ModelFiles} the directory of all its files, and
 * {@link io.treegrad.model.Manifest} the {@code _SUCCESS} file, which says that a directory is complete.
 * {@link io.treegrad.model.Checkpoint} is a training between two steps, {@link io.treegrad.model.Fingerprint} is what
 * must be equal to continue from it. {@link io.treegrad.model.EpochLine} and {@link io.treegrad.model.LossCurve} are
 * the course of a training. {@link io.treegrad.model.DataProfile} is what training rows were like, and
 * {@link io.treegrad.model.DataDrift} how those of another day differ. {@link io.treegrad.model.PredictionTable} writes what
 * a model says of rows, in the columns that {@link io.treegrad.model.PredictionColumns} names.
 * {@link io.treegrad.model.InputManifest} records which files a run read, and
 * {@link io.treegrad.model.VersionRegistry} what is known of the published versions.
 *
 * <p>Files are plain byte streams here; {@link io.treegrad.data.Storage} says where they are. Readers trust nothing:
 * for a file that is not exactly as it was written they throw a {@link io.treegrad.common.UserError} of kind
 * {@code BAD_DATA} with the path, what was found and what was expected. No reader allocates memory by a number that it
 * has not checked against the size of the file. An {@link java.io.IOException} means that storage failed.
 */
package io.treegrad.model;
