/**
 * The trained model, where it came from, and the files that hold it.
 *
 * <p>In reading order: {@link io.treegrad.model.TrainedModel} is a network with its parameters and all that is needed to
 * use them, {@link io.treegrad.model.Provenance} how it came to be. {@link io.treegrad.model.SafeTensors} is the file
 * of its numbers, {@link io.treegrad.model.ModelFiles} the directory of all its files, and
 * {@link io.treegrad.model.Manifest} the {@code _SUCCESS} file that says a directory is whole.
 * {@link io.treegrad.model.Checkpoint} is a training between two steps, {@link io.treegrad.model.Fingerprint} what must be
 * the same to go on from it. {@link io.treegrad.model.EpochLine} and {@link io.treegrad.model.LossCurve} tell how a
 * training went.
 *
 * <p>Files are plain byte streams here; {@link io.treegrad.data.Storage} says where they lie. Every reader trusts
 * nothing: a file that is not exactly as it was written ends in a {@link io.treegrad.common.UserError} of kind
 * {@code BAD_DATA} with the path, what was found and what was expected, and no reader allocates by a number it has not
 * checked against the size of the file. An {@link java.io.IOException} means that storage failed.
 */
package io.treegrad.model;
