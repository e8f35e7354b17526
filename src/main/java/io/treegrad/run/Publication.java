package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.model.Quality;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Gives a new model the place of the published one if it passes the gates; otherwise nothing is published. */
final class Publication {
    /** As it stands in names of runs and versions, so that the newest is the last. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final String NOTHING_PUBLISHED = ": nothing was published, what was published before stays. ";

    private final Settings settings;
    private final OutputDirectory output;

    Publication(Settings settings, OutputDirectory output) {
        this.settings = settings;
        this.output = output;
    }

    /** Refuses, before anything is computed, bounds that nothing could be judged by. */
    void requireJudgeable(boolean hasTestRows) {
        for (Setting<Optional<Double>> setting : List.of(OutputSettings.MIN_ACCURACY, OutputSettings.MAX_REGRESSION)) {
            if (settings.get(setting).isPresent() && !hasTestRows) {
                throw settings.refusal(
                        setting, "it is judged on test rows and there are none. Give some (test-data, split).");
            }
        }
    }

    /**
     * Publishes a model and removes versions that are not to be kept.
     *
     * @param standsIn whether the data that it was trained on stands in for data that could not be had
     * @param evaluation of another model on the same test rows
     * @return path of the version directory
     * @throws UserError GATE_NOT_MET; TRY_AGAIN if another run is publishing
     */
    String publish(
            TrainedModel model,
            String runId,
            Instant started,
            boolean standsIn,
            Function<TrainedModel, Quality> evaluation) {
        try (Lock right = output.lockForPublishing("run " + runId)) {
            requireGates(model, standsIn, evaluation);
            String path = output.publish(right, versionName(runId, started), model);
            settings.get(OutputSettings.KEEP_VERSIONS).ifPresent(keep -> output.keepVersions(right, keep));
            return path;
        }
    }

    private static String versionName(String runId, Instant started) {
        String time = TIME.format(started);
        return runId.startsWith(time) ? runId : time + "-" + runId;
    }

    private void requireGates(TrainedModel model, boolean standsIn, Function<TrainedModel, Quality> evaluation) {
        Quality test = model.provenance().metrics().get(Part.TEST);
        settings.get(OutputSettings.MIN_ACCURACY).ifPresent(bound -> requireAccuracy(test, bound));
        Optional<Double> regression = settings.get(OutputSettings.MAX_REGRESSION);
        if (regression.isEmpty() && !standsIn) {
            return;
        }
        Optional<OutputDirectory.Published> published = output.published();
        if (published.isEmpty()) {
            return;
        }
        if (standsIn) {
            requireSameKind(model.provenance().data().kind(), published.get());
        }
        if (regression.isPresent()) {
            requireNoRegression(test, published.get(), regression.get(), evaluation);
        }
    }

    private void requireAccuracy(Quality test, double bound) {
        if (test.accuracy() < bound) {
            throw notMet("The test accuracy is %s, expected at least %s (%s)"
                            .formatted(
                                    test.accuracy(),
                                    settings.value(OutputSettings.MIN_ACCURACY).text(),
                                    settings.nameOf(OutputSettings.MIN_ACCURACY))
                    + NOTHING_PUBLISHED
                    + "Train longer, look at the data, or lower the bound.");
        }
    }

    private void requireNoRegression(
            Quality test,
            OutputDirectory.Published published,
            double bound,
            Function<TrainedModel, Quality> evaluation) {
        double before = evaluation.apply(published.model()).accuracy();
        if (test.accuracy() < before - bound) {
            throw notMet(
                    "The test accuracy is %s and that of the published %s is %s on the same rows, expected at most %s less (%s)"
                                    .formatted(
                                            test.accuracy(),
                                            published.directory(),
                                            before,
                                            settings.value(OutputSettings.MAX_REGRESSION)
                                                    .text(),
                                            settings.nameOf(OutputSettings.MAX_REGRESSION))
                            + NOTHING_PUBLISHED
                            + "Train longer, look at the data, or raise the bound.");
        }
    }

    private static void requireSameKind(String kind, OutputDirectory.Published published) {
        String before = published.model().provenance().data().kind();
        if (!before.equals(kind)) {
            throw notMet(
                    "This run had to train on %s data since MNIST could not be had, and the published %s was trained on %s data"
                                    .formatted(kind, published.directory(), before)
                            + NOTHING_PUBLISHED
                            + "Run fetch-data or set MNIST_DIR, or ask for the synthetic digits, or for another output directory.",
                    "data",
                    "output");
        }
    }

    private static UserError notMet(String message, String... mendedBy) {
        return new UserError(UserError.Kind.GATE_NOT_MET, message).mendedBy(mendedBy);
    }
}
