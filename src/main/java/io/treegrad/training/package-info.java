/**
 * Synchronous minibatch SGD without a cluster in sight: the loop, the update rules, learning rates and when to stop.
 *
 * <p>{@link io.treegrad.training.GradientSource} is the one seam between this mathematics and whatever computes
 * gradients. Read {@link io.treegrad.training.Training} first.
 */
package io.treegrad.training;
