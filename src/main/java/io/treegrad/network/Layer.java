package io.treegrad.network;

import java.io.Serializable;

/**
 * One dense layer: its shape and where its parameters lie in theta.
 *
 * @param inputs n_{l-1}
 * @param outputs n_l
 * @param activation f_l
 * @param weightsOffset where {@code W_l [inputs × outputs]} begins in theta
 * @param biasesOffset where {@code b_l [outputs]} begins in theta, or where the next layer begins when there is no bias
 * @param hasBias whether the layer has biases
 */
public record Layer(
        int inputs, int outputs, Activation activation, int weightsOffset, int biasesOffset, boolean hasBias)
        implements Serializable {
    public int weights() {
        return inputs * outputs;
    }

    /** Where the weight from an input to a unit lies in theta. */
    public int weight(int input, int unit) {
        return weightsOffset + input * outputs + unit;
    }

    int end() {
        return biasesOffset + (hasBias ? outputs : 0);
    }
}
