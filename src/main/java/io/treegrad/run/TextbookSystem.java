package io.treegrad.run;

import io.treegrad.data.Part;
import java.util.List;
import java.util.Optional;

/**
 * A published system that a preset reproduces. Accuracies are in percent.
 *
 * @param published what its source reports
 * @param reference the same training with NumPy in double precision on the same files
 * @param judged the part of the data on which {@code reproduce} judges
 * @param least what the mean accuracy of the seeds must be on that part: the reference minus 0.3 points, or minus 1
 *     point for the few test rows of {@code layers-digits}; without a reference, what the source promises in words
 */
public record TextbookSystem(String preset, Figures published, Figures reference, Part judged, double least) {

    /** Accuracies; null where unknown. */
    public record Figures(Double train, Double validation, Double test) {
        static final Figures NONE = new Figures(null, null, null);

        public Optional<Double> of(Part part) {
            return Optional.ofNullable(
                    switch (part) {
                        case TRAIN -> train;
                        case VALIDATION -> validation;
                        case TEST -> test;
                    });
        }
    }

    /**
     * Every preset except {@code default}. The reference of {@code layers-digits} is the mean of three runs, of 94.2,
     * 93.9 and 95.6 %. The source of {@code generic-mnist} gives no figure: 97 % is what a network of this size should
     * reach.
     */
    public static final List<TextbookSystem> ALL = List.of(
            tested("mlp-mse-fullbatch", Figures.NONE, new Figures(90.2, null, 90.6), 90.3),
            tested("layers-digits", new Figures(null, null, 96.0), new Figures(null, null, 94.57), 93.57),
            tested("mlp-logistic-l2", new Figures(99.28, 97.98, 97.54), new Figures(99.28, 97.98, 97.54), 97.24),
            tested("mlp-mse-minibatch", new Figures(95.18, 94.30, 94.13), new Figures(95.4, 95.1, 94.7), 94.4),
            tested("mlp-relu-minibatch", new Figures(97.44, 96.30, 96.09), new Figures(97.6, 96.4, 96.2), 95.9),
            memorized("generic-xor"),
            memorized("generic-sevensegment"),
            memorized("generic-sevensegment-deep"),
            tested("generic-mnist", Figures.NONE, Figures.NONE, 97));

    private static TextbookSystem tested(String preset, Figures published, Figures reference, double least) {
        return new TextbookSystem(preset, published, reference, Part.TEST, least);
    }

    /** A table to memorize: every row must be right, and there are no test rows. */
    private static TextbookSystem memorized(String preset) {
        return new TextbookSystem(preset, new Figures(100.0, null, null), Figures.NONE, Part.TRAIN, 100);
    }

    public static List<String> presets() {
        return ALL.stream().map(TextbookSystem::preset).toList();
    }

    public boolean isReachedBy(double mean) {
        return mean >= least;
    }
}
