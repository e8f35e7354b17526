package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Publishes a new model if it passes the gates; otherwise publishes nothing. */
final class Publication {
    private static final String NOTHING_PUBLISHED = ": nothing was published, what was published before is unchanged. ";

    private final Settings settings;
    private final OutputDirectory output;

    Publication(Settings settings, OutputDirectory output) {
        this.settings = settings;
        this.output = output;
    }

    /** Refuses gates for which there are no test rows, before anything is computed. */
    void requireTestRowsForGates(boolean hasTestRows) {
        for (Setting<Optional<Double>> setting : List.of(OutputSettings.MIN_ACCURACY, OutputSettings.MAX_REGRESSION)) {
            if (settings.get(setting).isPresent() && !hasTestRows) {
                throw settings.refusal(
                        setting, "it is judged on test rows and there are none. Give some (test-data, split).");
            }
        }
    }

    /**
     * Publishes a model and removes old versions.
     *
     * @param isFallback whether its training data replaced data that is not available
     * @param evaluation of another model on the same test rows
     * @return path of the version directory
     * @throws UserError GATE_NOT_MET; TRY_AGAIN if another run is publishing
     */
    String publish(
            TrainedModel model,
            String runId,
            Instant started,
            boolean isFallback,
            Function<TrainedModel, MetricValues> evaluation) {
        try (Lock lock = output.lockForPublishing("run " + runId)) {
            requireGates(model, isFallback, evaluation);
            String path = output.publish(lock, OutputDirectory.versionName(runId, started), model);
            settings.get(OutputSettings.KEEP_VERSIONS).ifPresent(keep -> output.keepVersions(lock, keep));
            return path;
        }
    }

    private void requireGates(TrainedModel model, boolean isFallback, Function<TrainedModel, MetricValues> evaluation) {
        MetricValues test = model.provenance().metrics().get(Part.TEST);
        settings.get(OutputSettings.MIN_ACCURACY)
                .ifPresent(bound -> requireReached(Metric.ACCURACY, OutputSettings.MIN_ACCURACY, bound, test));
        Optional<Double> regression = settings.get(OutputSettings.MAX_REGRESSION);
        if (regression.isEmpty() && !isFallback) {
            return;
        }
        Optional<OutputDirectory.Published> published = output.published();
        if (published.isEmpty()) {
            return;
        }
        if (isFallback) {
            requireSameKind(model.provenance().data().kind(), published.get());
        }
        if (regression.isPresent()) {
            requireNoRegression(
                    Metric.ACCURACY,
                    OutputSettings.MAX_REGRESSION,
                    regression.get(),
                    test,
                    published.get(),
                    evaluation);
        }
    }

    private void requireReached(Metric metric, Setting<Optional<Double>> bound, double value, MetricValues test) {
        double reached = test.get(metric);
        if (!metric.reaches(reached, value)) {
            throw notMet("The test %s is %s, expected at %s %s (%s)"
                            .formatted(
                                    metric.label(),
                                    reached,
                                    metric.lowerIsBetter() ? "most" : "least",
                                    settings.value(bound).text(),
                                    settings.nameOf(bound))
                    + NOTHING_PUBLISHED
                    + "Train longer, look at the data, or %s the bound."
                            .formatted(metric.lowerIsBetter() ? "raise" : "lower"));
        }
    }

    /** @param tolerance by how much the new model may be worse than the published one on the same rows */
    private void requireNoRegression(
            Metric metric,
            Setting<Optional<Double>> tolerance,
            double value,
            MetricValues test,
            OutputDirectory.Published published,
            Function<TrainedModel, MetricValues> evaluation) {
        double now = test.get(metric);
        double before = evaluation.apply(published.model()).get(metric);
        if (!metric.reaches(now, metric.worse(before, value))) {
            throw notMet(
                    "The test %s is %s and that of the published %s is %s on the same rows, expected at most %s %s (%s)"
                                    .formatted(
                                            metric.label(),
                                            now,
                                            published.directory(),
                                            before,
                                            settings.value(tolerance).text(),
                                            metric.lowerIsBetter() ? "more" : "less",
                                            settings.nameOf(tolerance))
                            + NOTHING_PUBLISHED
                            + "Train longer, look at the data, or raise the bound.");
        }
    }

    private static void requireSameKind(String kind, OutputDirectory.Published published) {
        String before = published.model().provenance().data().kind();
        if (!before.equals(kind)) {
            throw notMet(
                    "This run trained on %s data since MNIST is not available, and the published %s was trained on %s data"
                                    .formatted(kind, published.directory(), before)
                            + NOTHING_PUBLISHED
                            + "Run fetch-data, set MNIST_DIR, select the synthetic digits, or choose another output directory.",
                    "data",
                    "output");
        }
    }

    private static UserError notMet(String message, String... fixedBy) {
        return new UserError(UserError.Kind.GATE_NOT_MET, message).fixedBy(fixedBy);
    }
}
