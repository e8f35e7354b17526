package io.treegrad.model;

/** The names of weights and biases in published files, the same in each of their formats. */
final class ParameterNames {
    private static final String LAYERS = "layers.";

    private ParameterNames() {}

    /** @param layer from 0 */
    static String weight(int layer) {
        return LAYERS + layer + ".weight";
    }

    /** @param layer from 0 */
    static String bias(int layer) {
        return LAYERS + layer + ".bias";
    }

    /** Whether a tensor of this name holds parameters. */
    static boolean isOne(String tensor) {
        return tensor.startsWith(LAYERS);
    }
}
