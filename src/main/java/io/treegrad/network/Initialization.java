package io.treegrad.network;

import io.treegrad.common.NameWithNumbers;
import java.io.Serializable;
import java.util.Optional;

/** How weights are drawn before the first step. Biases begin at zero. */
public sealed interface Initialization extends Serializable {

    /** The largest deviation or limit. */
    double LARGEST = 1e6;

    /** How initialisations are spelt. */
    String FORMS = "glorot, he, normal:SIGMA or uniform:LIMIT";

    /** The initialisation that is spelt like this; empty if none is. */
    static Optional<Initialization> parse(String text) {
        return NameWithNumbers.parse(text).flatMap(form -> {
            if (form.is("glorot", 0)) {
                return Optional.of(new Glorot());
            }
            if (form.is("he", 0)) {
                return Optional.of(new He());
            }
            if (form.numbers().size() != 1 || !(form.number(0) > 0 && form.number(0) <= LARGEST)) {
                return Optional.empty();
            }
            return switch (form.name()) {
                case "normal" -> Optional.of(new Normal(form.number(0)));
                case "uniform" -> Optional.of(new Uniform(form.number(0)));
                default -> Optional.empty();
            };
        });
    }

    /** Draws one weight of a layer. */
    float draw(SplitMix64 random, Layer layer);

    /** How this is spelt. */
    String label();

    /** Uniform within {@code ±sqrt(6 / (n_{l-1} + n_l))}: X. Glorot, Y. Bengio, AISTATS (2010), equation (16). */
    record Glorot() implements Initialization {
        @Override
        public float draw(SplitMix64 random, Layer layer) {
            return new Uniform(Math.sqrt(6.0 / (layer.inputs() + layer.outputs()))).draw(random, layer);
        }

        @Override
        public String label() {
            return "glorot";
        }
    }

    /** Normal with standard deviation {@code sqrt(2 / n_{l-1})}: K. He et al., ICCV (2015), equation (10). */
    record He() implements Initialization {
        @Override
        public float draw(SplitMix64 random, Layer layer) {
            return new Normal(Math.sqrt(2.0 / layer.inputs())).draw(random, layer);
        }

        @Override
        public String label() {
            return "he";
        }
    }

    /** Normal with mean 0 and the given standard deviation. */
    record Normal(double deviation) implements Initialization {
        @Override
        public float draw(SplitMix64 random, Layer layer) {
            return (float) (random.nextGaussian() * deviation);
        }

        @Override
        public String label() {
            return "normal:" + deviation;
        }
    }

    /** Uniform between {@code -limit} and {@code limit}. */
    record Uniform(double limit) implements Initialization {
        @Override
        public float draw(SplitMix64 random, Layer layer) {
            return (float) ((2 * random.nextDouble() - 1) * limit);
        }

        @Override
        public String label() {
            return "uniform:" + limit;
        }
    }

    /**
     * theta before the first step: a pure function of this, the network and the seed. Weights are drawn unit by unit, in
     * the order of the published file.
     */
    default float[] parameters(Network network, long seed) {
        float[] theta = new float[network.parameterCount()];
        for (int l = 0; l < network.layers().size(); l++) {
            Layer layer = network.layers().get(l);
            SplitMix64 random = new SplitMix64(SplitMix64.mix(seed, l));
            for (int unit = 0; unit < layer.outputs(); unit++) {
                for (int input = 0; input < layer.inputs(); input++) {
                    theta[layer.weight(input, unit)] = draw(random, layer);
                }
            }
        }
        return theta;
    }
}
