/**
 * The mathematics of one shard: dense layers forward and backward, and the sums that shards are joined by.
 *
 * <p>This package knows the JDK and BLAS, nothing of files, Spark or the training loop. Its symbols, used here only
 * (elsewhere the words of the right-hand column are written out):
 *
 * <pre>
 *   symbol    shape              meaning
 *   m                            rows of the block at hand: one shard's share of one minibatch
 *   L                            number of layers that have weights; l = 1 … L
 *   n_l                          width of layer l; n_0 = features, n_L = outputs
 *   x = a_0   [m × n_0]          scaled inputs
 *   t         [m × n_L]          targets: one-hot rows (n_L &gt; 1) or the label itself (n_L = 1)
 *   W_l       [n_l × n_{l-1}]    weights, row j holds what unit j of layer l reads
 *   b_l       [n_l]              biases
 *   theta     [parameters]       W_1, b_1, W_2, b_2, … one after the other: all parameters
 *   z_l, a_l  [m × n_l]          pre-activations, activations
 *   f_l                          activation function of layer l
 *   C                            loss, summed over the rows of the block
 *   delta_l   [m × n_l]          ∂C/∂z_l
 * </pre>
 *
 * Matrices are row-major float blocks of whole minibatch shares; no equation is ever evaluated row by row:
 *
 * <pre>
 *   (1)  z_l       = a_{l-1} W_lᵀ + 1 b_lᵀ
 *   (2)  a_l       = f_l(z_l)
 *   (3)  C         = Σ_rows loss(a_L, t)
 *   (4)  delta_L   = ∂C/∂a_L ∘ f_L'(z_L)                (a_L - t where loss and activation are each other's match)
 *   (5)  delta_l   = (delta_{l+1} W_{l+1}) ∘ f_l'(z_l)
 *   (6)  ∂C/∂W_l   = delta_lᵀ a_{l-1}
 *   (7)  ∂C/∂b_l   = delta_lᵀ 1
 * </pre>
 *
 * Source: D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating errors",
 * Nature 323 (1986); in matrix form C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), section 5.3.
 *
 * <p>Sums, never means: a block's gradient, loss and counts are sums over its rows, so that blocks of different sizes
 * add up without weights. {@link io.treegrad.network.TreeSum} adds them in an order that depends on the number of
 * shards alone.
 */
package io.treegrad.network;
