package io.treegrad.run;

import io.treegrad.model.Fingerprint;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.storage.OutputDirectory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Whether a training would end in the published model again, since neither data nor settings have changed. */
final class Unchanged {
    private final RunContext context;

    Unchanged(RunContext context) {
        this.context = context;
    }

    /**
     * The outcome of a run that need not train; empty if it has to, or if nobody asked.
     *
     * @param fingerprint of this run, which takes as long as reading all files
     */
    Optional<RunOutcome> outcome(CompletableFuture<Fingerprint> fingerprint) {
        Settings settings = context.settings();
        boolean startsFromModel = settings.get(TrainingSettings.WARM_START).isPresent();
        if (!settings.get(OutputSettings.SKIP_UNCHANGED) || startsFromModel) {
            return Optional.empty();
        }
        return context.output()
                .published()
                .filter(found -> fingerprintOf(found.model())
                        .differencesTo(fingerprint.join())
                        .isEmpty())
                .map(this::outcome);
    }

    private RunOutcome outcome(OutputDirectory.Published published) {
        context.environment()
                .say("Nothing new: data and settings are those of the published %s.".formatted(published.directory()));
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
