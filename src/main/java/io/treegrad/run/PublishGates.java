package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.model.Quality;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.storage.OutputDirectory;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a new model must be to take the place of the published one; otherwise nothing is published. */
final class PublishGates {
    private static final String NOTHING_PUBLISHED = ": nothing was published, what was published before stays. ";

    private final Settings settings;

    PublishGates(Settings settings) {
        this.settings = settings;
    }

    /** Refuses, before anything is computed, bounds that nothing could be judged by. */
    void requireJudgeable(boolean hasTestRows) {
        for (Setting setting : List.of(Setting.MIN_ACCURACY, Setting.MAX_REGRESSION)) {
            if (settings.isGiven(setting) && !hasTestRows) {
                throw settings.refusal(setting, "it is judged on test rows and there are none.");
            }
        }
    }

    /**
     * @param test of the new model; null without test rows
     * @param kind of the data it was trained on
     * @param fallback whether that data stands in for data that could not be had
     * @param evaluation of another model on the same test rows
     * @throws UserError GATE_NOT_MET
     */
    void check(
            Quality test,
            String kind,
            boolean fallback,
            OutputDirectory output,
            Function<TrainedModel, Quality> evaluation) {
        requireAccuracy(test);
        boolean compares = settings.isGiven(Setting.MAX_REGRESSION);
        if (!compares && !fallback) {
            return;
        }
        Optional<OutputDirectory.Published> published = output.published();
        if (published.isEmpty()) {
            return;
        }
        if (fallback) {
            requireSameKind(kind, published.get());
        }
        if (compares) {
            requireNoRegression(test, published.get(), evaluation);
        }
    }

    private void requireAccuracy(Quality test) {
        if (!settings.isGiven(Setting.MIN_ACCURACY)) {
            return;
        }
        if (test.accuracy() < settings.number(Setting.MIN_ACCURACY)) {
            throw notMet("The test accuracy is %s, expected at least %s (%s)"
                            .formatted(
                                    test.accuracy(),
                                    settings.text(Setting.MIN_ACCURACY),
                                    settings.nameOf(Setting.MIN_ACCURACY))
                    + NOTHING_PUBLISHED
                    + "Train longer, look at the data, or lower the bound.");
        }
    }

    private void requireNoRegression(
            Quality test, OutputDirectory.Published published, Function<TrainedModel, Quality> evaluation) {
        double before = evaluation.apply(published.model()).accuracy();
        if (test.accuracy() < before - settings.number(Setting.MAX_REGRESSION)) {
            throw notMet(
                    "The test accuracy is %s and that of the published %s is %s on the same rows, expected at most %s less (%s)"
                                    .formatted(
                                            test.accuracy(),
                                            published.directory(),
                                            before,
                                            settings.text(Setting.MAX_REGRESSION),
                                            settings.nameOf(Setting.MAX_REGRESSION))
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
                            + "Run fetch-data or set MNIST_DIR, or mean it with --data synthetic or another --output.");
        }
    }

    private static UserError notMet(String message) {
        return new UserError(UserError.Kind.GATE_NOT_MET, message);
    }
}
