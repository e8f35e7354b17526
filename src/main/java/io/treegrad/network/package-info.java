/**
 * The mathematics of one shard: dense layers forward and backward, and the sums that shards are joined by.
 *
 * <p>This package knows the JDK, nothing of files, Spark or the training loop. Its symbols, used here only
 * (elsewhere the words of the right-hand column are written out):
 *
 * <pre>
 *   symbol    shape              meaning
 *   m                            rows of the block at hand: one shard's share of one minibatch
 *   L                            number of layers that have weights; l = 1 … L
 *   n_l                          width of layer l; n_0 = features, n_L = outputs
 *   x = a_0   [m × n_0]          scaled inputs
 *   t         [m × n_L]          targets: one-hot rows (n_L &gt; 1), or the label or number itself (n_L = 1)
 *   w         [m]                by what the loss of each row is multiplied: its weight times that of its class; 1 by default
 *   W_l       [n_{l-1} × n_l]    weights, column j holds what unit j of layer l reads
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
 *   (1)  z_l       = a_{l-1} W_l + 1 b_lᵀ
 *   (2)  a_l       = f_l(z_l)
 *   (3)  C         = Σ_rows w · loss(a_L, t)
 *   (4)  delta_L   = ∂C/∂a_L ∘ f_L'(z_L)                (w (a_L - t) where loss and activation are each other's match)
 *   (5)  delta_l   = (delta_{l+1} W_{l+1}ᵀ) ∘ f_l'(z_l)
 *   (6)  ∂C/∂W_l   = a_{l-1}ᵀ delta_l
 *   (7)  ∂C/∂b_l   = delta_lᵀ 1
 * </pre>
 *
 * Source: D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating errors",
 * Nature 323 (1986); in matrix form C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), section 5.3.
 *
 * <p><b>The bits.</b> Every product has one order of additions: an element is accumulated over its inner index in ascending
 * order by {@code fma}, from its bias, its constant part or zero ({@link io.treegrad.network.SparseBatch} has the products
 * of rows of bytes). Everything else is {@code float} arithmetic that Java rounds in one way. So bits depend on no CPU, no
 * JDK, no vector width and no thread, and a row's outputs do not depend on the rows beside it.
 *
 * <p><b>What counts as zero.</b> An element of {@code a_l} of a hidden layer, or of {@code delta_l}, whose magnitude is below
 * 2^-63 becomes zero before it enters a product. Then each product in (5) and (6) of two such elements is zero or at least
 * 2^-126, the smallest normal number: saturated units, whose derivatives are that small, do not make subnormal numbers,
 * which processors add a hundred times slower. The outputs {@code a_L} stay as they are. What an optimizer remembers between
 * steps follows the same rule.
 *
 * <p>Sums, never means: a block's gradient, loss and counts are sums over its rows, so that blocks of different sizes
 * add up without weights. {@link io.treegrad.network.TreeSum} adds them in an order that depends on the number of
 * shards alone.
 */
package io.treegrad.network;
