package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import io.treegrad.training.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What somebody should know of a model before using it, after Mitchell et al., Model Cards for Model Reporting, 2019.
 *
 * @param use what it is for
 * @param measuredOn the part of the data that {@code classes} are measured on
 * @param classes one for each class; empty if numbers are predicted
 * @param limits sentences
 * @param reproduce the command that ends in the same weights
 */
@JsonPropertyOrder({"use", "measuredOn", "classes", "limits", "reproduce"})
public record ModelCard(
        String use, String measuredOn, List<ClassQuality> classes, List<String> limits, String reproduce) {
    /** What is measured on fewer rows may be chance. */
    private static final long FEW_ROWS = 30;

    /**
     * How well a class is recognised.
     *
     * @param precision null if no row was predicted to be of it, and {@code recall} null if there was no row of it
     */
    @JsonPropertyOrder({"label", "rows", "precision", "recall"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ClassQuality(String label, long rows, Double precision, Double recall) {
        public ClassQuality {
            Require.present(label, "label");
            Require.atLeast(0, rows, "rows");
        }
    }

    public ModelCard {
        Require.text(use, "use");
        Require.text(measuredOn, "measuredOn");
        classes = List.copyOf(Require.present(classes, "classes"));
        limits = List.copyOf(Require.present(limits, "limits"));
        Require.text(reproduce, "reproduce");
    }

    /**
     * @param labels names of the classes
     * @param trained number of training rows
     * @param measured the part that was evaluated
     * @param sum its evaluation
     * @param reproduce the command
     */
    public static ModelCard of(
            Network network, List<String> labels, long trained, Part measured, EvaluationSum sum, String reproduce) {
        boolean classifies = network.task() == Task.CLASSIFICATION;
        List<ClassQuality> classes = classifies ? classes(labels, sum) : List.of();
        List<String> limits = new ArrayList<>();
        limits.add(String.format(
                Locale.ROOT,
                "It was trained on %,d rows; rows of another kind or source may be predicted wrongly.",
                trained));
        limits.add(
                classifies
                        ? "A row of none of its classes is given one all the same, and outputs are not calibrated."
                        : "Numbers outside the range of the training rows are extrapolated.");
        if (measured != Part.TEST) {
            limits.add("There were no test rows: it was measured on " + measured.label()
                    + " rows, which had a part in the training.");
        }
        limits.addAll(ofClasses(classes, Metric.worstClass(sum)));
        return new ModelCard(use(network, labels), measured.label(), classes, limits, reproduce);
    }

    private static String use(Network network, List<String> labels) {
        return network.task() == Task.CLASSIFICATION
                ? "Tells which of %d classes a row of %d values is in.".formatted(labels.size(), network.features())
                : "Predicts a number from a row of %d values.".formatted(network.features());
    }

    private static List<ClassQuality> classes(List<String> labels, EvaluationSum sum) {
        List<ClassQuality> classes = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            double right = sum.confusionWeight(label, label);
            classes.add(new ClassQuality(
                    labels.get(label),
                    sum.rowsOf(label),
                    share(right, sum.weightPredictedAs(label)),
                    share(right, sum.weightOf(label))));
        }
        return classes;
    }

    private static Double share(double part, double whole) {
        return whole == 0 ? null : part / whole;
    }

    private static List<String> ofClasses(List<ClassQuality> classes, int worst) {
        List<String> limits = new ArrayList<>();
        if (!classes.isEmpty() && worst >= 0) {
            limits.add(String.format(
                    Locale.ROOT,
                    "Class %s is recognised least: %.2f %% of its rows.",
                    classes.get(worst).label(),
                    100 * classes.get(worst).recall()));
        }
        List<String> rare = classes.stream()
                .filter(one -> one.rows() < FEW_ROWS)
                .map(ClassQuality::label)
                .toList();
        if (!rare.isEmpty()) {
            limits.add("Measured on fewer than %d rows, which may be chance: class %s."
                    .formatted(FEW_ROWS, String.join(", ", rare)));
        }
        return limits;
    }
}
