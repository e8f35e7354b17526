package io.treegrad.network;

import java.io.Serializable;
import java.util.List;

/** What the outputs of a network mean, and what the loss takes from that. */
public sealed interface Meaning extends Serializable {
    Task task();

    /**
     * One output for each class, or a single one that tells two classes apart.
     *
     * @param weights by what the loss of a row of each class is multiplied; empty where all count the same
     */
    record OfClasses(List<Float> weights) implements Meaning {
        /** Classes that all count the same. */
        public static final OfClasses UNWEIGHTED = new OfClasses(List.of());

        public OfClasses {
            weights = List.copyOf(weights);
            for (float weight : weights) {
                if (!(weight > 0) || Float.isInfinite(weight)) {
                    throw new IllegalArgumentException("class weight " + weight + ", expected a finite one above 0");
                }
            }
        }

        @Override
        public Task task() {
            return Task.CLASSIFICATION;
        }
    }

    /**
     * A single output a, which predicts the number {@code mean + deviation · a}: the network learns numbers of mean 0 and
     * deviation 1, so that a learning rate means the same in whatever unit they are.
     */
    record OfNumbers(float mean, float deviation) implements Meaning {
        public OfNumbers {
            if (!Float.isFinite(mean) || !Float.isFinite(deviation) || deviation <= 0) {
                throw new IllegalArgumentException("mean " + mean + " and deviation " + deviation
                        + ", expected finite ones, the deviation above 0");
            }
        }

        @Override
        public Task task() {
            return Task.REGRESSION;
        }

        float toOutput(float number) {
            return (number - mean) / deviation;
        }

        float toNumber(float output) {
            return output * deviation + mean;
        }
    }
}
