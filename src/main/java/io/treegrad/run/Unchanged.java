package io.treegrad.run;

import io.treegrad.model.Fingerprint;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.ResumeChoice;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.storage.OutputDirectory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Whether a training would end in the published model again: data, deciding settings, gates and program are those of
 * before, and the same of all gives the same bits.
 */
final class Unchanged {
    /** A model that passed other gates may not pass these. */
    private static final List<Setting<?>> GATES = List.of(
            OutputSettings.GATES,
            OutputSettings.MIN_ACCURACY,
            OutputSettings.MAX_REGRESSION,
            DataSettings.MAX_DUPLICATES);

    private final RunContext context;

    Unchanged(RunContext context) {
        this.context = context;
    }

    /**
     * The outcome of a run that need not train; empty if it has to, or is to.
     *
     * @param published before this run
     * @param fingerprint of this run, from the digests of its files
     * @param sha256 those digests, which take as long as reading all files
     */
    Optional<RunOutcome> outcome(
            Optional<OutputDirectory.Published> published,
            Function<Map<String, String>, Fingerprint> fingerprint,
            CompletableFuture<Map<String, String>> sha256) {
        return published
                .filter(found -> !isAskedToTrain() && isSameTraining(found.model()))
                .filter(found -> {
                    Fingerprint before = fingerprintOf(found.model());
                    // files are waited for only if everything else is the same
                    return before.differencesTo(fingerprint.apply(before.sha256()))
                                    .isEmpty()
                            && before.differencesTo(fingerprint.apply(sha256.join()))
                                    .isEmpty();
                })
                .map(this::outcome);
    }

    private boolean isAskedToTrain() {
        Settings settings = context.settings();
        return settings.get(OutputSettings.ALWAYS)
                || !(settings.get(OutputSettings.RESUME) instanceof ResumeChoice.Auto)
                || settings.get(TrainingSettings.WARM_START).isPresent()
                || !context.directory().checkpoints().isEmpty();
    }

    private boolean isSameTraining(TrainedModel published) {
        Map<String, String> now = context.settings().redacted();
        Map<String, String> before = published.provenance().settings();
        return published.provenance().stoppedAtStep() == null
                && Platform.build().isPresent()
                && Platform.build().get().equals(published.provenance().treegrad())
                && hasSameGates(now, before);
    }

    static boolean hasSameGates(Map<String, String> now, Map<String, String> before) {
        return GATES.stream().allMatch(gate -> Objects.equals(now.get(gate.name()), before.get(gate.name())));
    }

    private RunOutcome outcome(OutputDirectory.Published published) {
        context.environment()
                .say(
                        "Nothing new: data, settings and program are those of the published %s, which would come out again. To train all the same, set always."
                                .formatted(published.directory()));
        RunRecord record = context.record();
        record.unchanged = true;
        record.model = published.directory();
        record.weightsSha256 = published.model().weightsSha256();
        record.metrics = published.model().provenance().metrics();
        return new RunOutcome(record, Optional.empty());
    }

    /** The fingerprint of the run that published a model, as far as the model records it. */
    static Fingerprint fingerprintOf(TrainedModel model) {
        Map<String, String> deciding =
                Settings.decidingResult(model.provenance().settings());
        deciding.put(DataSettings.LABEL.name(), DataSet.labelPlace(model.reading()));
        deciding.put("network", model.network().toString());
        deciding.put(
                ClusterSettings.SHARDS.name(),
                Integer.toString(model.provenance().shards()));
        return new Fingerprint(
                deciding,
                model.provenance().data().kind(),
                model.provenance().data().rows(),
                model.provenance().data().sha256());
    }
}
