package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import java.util.function.Supplier;

/** Publishes a new model if it passes the gates; otherwise publishes nothing. */
final class Publication {
    private final Settings settings;
    private final OutputDirectory output;
    private final Gates gates;
    private final Supplier<Lock> lockForPublishing;

    /** @param lockForPublishing takes the lock */
    Publication(Settings settings, OutputDirectory output, Gates gates, Supplier<Lock> lockForPublishing) {
        this.settings = settings;
        this.output = output;
        this.gates = gates;
        this.lockForPublishing = lockForPublishing;
    }

    /**
     * Publishes a model and removes old versions.
     *
     * @param version its name
     * @param isFallback whether its training data replaced data that is not available
     * @param rows what gates are judged on
     * @return path of the version directory
     * @throws UserError GATE_NOT_MET; TRY_AGAIN if another run goes on publishing, or if a gate is not met since a deadline
     *     came too early
     */
    String publish(TrainedModel model, String runId, String version, boolean isFallback, TestRows rows) {
        try (Lock lock = lockForPublishing.get()) {
            requireGatesMet(model, runId, rows);
            if (isFallback) {
                String kind = model.provenance().data().kind();
                output.published().ifPresent(published -> requireSameKind(kind, published));
            }
            String path =
                    switch (settings.get(OutputSettings.PUBLISH_AS)) {
                        case CHAMPION -> output.publish(lock, version, model);
                        case CANDIDATE -> output.publishCandidate(lock, version, model);
                    };
            settings.get(OutputSettings.KEEP_VERSIONS).ifPresent(keep -> output.keepVersions(lock, keep));
            return path;
        }
    }

    private void requireGatesMet(TrainedModel model, String runId, TestRows rows) {
        try {
            gates.requireMet(model, rows);
        } catch (UserError e) {
            boolean early = model.provenance().stoppedAtStep() != null && e.kind() == UserError.Kind.GATE_NOT_MET;
            throw early ? Deadline.tooEarly("what is trained so far passes no gate. " + e.getMessage(), runId, e) : e;
        }
    }

    /**
     * Refuses to replace a model of other data by one of data that nobody asked for.
     *
     * @param kind of the data that replaces MNIST
     * @throws UserError GATE_NOT_MET
     */
    static void requireSameKind(String kind, OutputDirectory.Published published) {
        String before = published.model().provenance().data().kind();
        if (!before.equals(kind)) {
            throw notMet(
                    "MNIST is not available, so this run is on %s data, and the published %s was trained on %s data"
                                    .formatted(kind, published.directory(), before)
                            + Gates.NOTHING_PUBLISHED
                            + "Run fetch-data, set MNIST_DIR, select the synthetic digits, or choose another output directory.",
                    "data",
                    "output");
        }
    }

    private static UserError notMet(String message, String... fixedBy) {
        return new UserError(UserError.Kind.GATE_NOT_MET, message).fixedBy(fixedBy);
    }
}
