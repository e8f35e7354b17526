package io.treegrad.network;

import java.io.Serializable;

/**
 * One dense layer: its shape and where its parameters lie in theta.
 *
 * @param inputs n_{l-1}
 * @param outputs n_l
 * @param activation f_l
 * @param weightsOffset where {@code W_l [outputs × inputs]} begins in theta
 * @param biasesOffset where {@code b_l [outputs]} begins in theta, or where the next layer begins when there is no bias
 * @param hasBias whether the layer has biases
 */
public record Layer(
        int inputs, int outputs, Activation activation, int weightsOffset, int biasesOffset, boolean hasBias)
        implements Serializable {
    public int weights() {
        return inputs * outputs;
    }

    int end() {
        return biasesOffset + (hasBias ? outputs : 0);
    }
}
