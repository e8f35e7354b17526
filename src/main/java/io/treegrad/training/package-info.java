/**
 * Synchronous minibatch SGD without a cluster: the loop, the update rules, learning rates and stopping.
 *
 * <p>{@link io.treegrad.training.GradientSource} is the only interface between this package and the code that computes
 * gradients. Read {@link io.treegrad.training.Training} first.
 */
package io.treegrad.training;
