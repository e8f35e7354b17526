package io.treegrad.report;

import io.treegrad.data.Part;
import io.treegrad.training.MetricValues;
import java.util.List;
import java.util.Map;

/**
 * Everything that the page of a run shows. A missing part is null, and the page says why it is missing.
 *
 * @param labels the name of each class
 * @param epochs in order; only those from 1 on
 * @param steps the loss of each step; may be empty
 * @param confusion counts of the test rows, or of the validation rows if there are no test rows; null if there are
 *     neither, and if numbers are predicted
 * @param fit numbers predicted for some of these rows; null if classes are predicted
 * @param gallery null for rows that are not pictures, and if numbers are predicted
 * @param projection null for rows of fewer than three features, and if numbers are predicted
 * @param firstLayer null for rows that are not pictures
 * @param data null if nobody looked at it
 * @param provenance names and values of everything that the result depends on: files with checksums, versions, machine
 */
public record Report(
        Run run,
        List<String> labels,
        List<Epoch> epochs,
        StepLosses steps,
        ConfusionMatrix confusion,
        Fit fit,
        Gallery gallery,
        Projection projection,
        UnitWeights firstLayer,
        DataFacts data,
        List<Setting> settings,
        List<Fact> provenance,
        List<Timing> timings) {
    public Report {
        labels = List.copyOf(labels);
        epochs = List.copyOf(epochs);
        settings = List.copyOf(settings);
        provenance = List.copyOf(provenance);
        timings = List.copyOf(timings);
        if (confusion != null && confusion.classes() != labels.size()) {
            throw new IllegalArgumentException(
                    labels.size() + " labels for a confusion matrix of " + confusion.classes() + " classes");
        }
    }

    /**
     * The main facts about a run.
     *
     * @param network its widths, as in "784-100-10"
     * @param data the kind of the data, or its path
     * @param rows number of rows of each part
     * @param test null when there are no test rows
     * @param engine and {@code arithmetic} as a run records them
     * @param stepsPerEpoch at least 1
     * @param chosenEpoch epoch whose parameters were kept; 0 if there was none
     * @param seconds of training, without what came before and after
     */
    public record Run(
            String id,
            String network,
            String data,
            Map<Part, Long> rows,
            MetricValues test,
            String engine,
            String arithmetic,
            long stepsPerEpoch,
            long steps,
            long chosenEpoch,
            double seconds) {
        public Run {
            rows = Map.copyOf(rows);
            if (stepsPerEpoch < 1) {
                throw new IllegalArgumentException(stepsPerEpoch + " steps an epoch, expected at least 1");
            }
        }
    }

    /** An epoch on the curves; {@code validation} is null where it was not evaluated. */
    public record Epoch(long epoch, MetricValues train, MetricValues validation) {}

    /**
     * What is odd about the data.
     *
     * @param classes their training rows; empty if there are too many to list
     * @param findings sentences
     */
    public record DataFacts(List<ClassShare> classes, List<String> findings) {}

    /** Training rows of a class; what nothing was compared with is null. */
    public record ClassShare(String label, long rows, double share, Double before, Double drift) {}

    /** A setting, its value and where that came from. */
    public record Setting(String name, String value, String source) {}

    /** A name and what it stands for. */
    public record Fact(String name, String value) {}

    /** How long a part of the run took. */
    public record Timing(String what, double seconds) {}
}
