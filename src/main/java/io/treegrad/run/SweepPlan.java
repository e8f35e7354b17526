package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSource;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Network;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.SettingGroup;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.RowStatistics;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the data of all trainings of a sweep, and what has to be known of it before they begin: once where it is the same. */
final class SweepPlan {
    /** A training, ready to begin. */
    record Planned(Settings settings, TrainingInput input, WorkSpec spec) {}

    /** The data of all trainings that read the same. */
    private record Loaded(DataSet data, InputFiles files) {}

    private record Sized(
            Settings settings, List<String> reading, TrainingInput input, StepPlan steps, Network network) {}

    private final RunEnvironment environment;
    private final Cluster cluster;
    private final Map<List<String>, Loaded> data = new HashMap<>();
    private final Map<List<Object>, Preparation> preparations = new HashMap<>();

    private SweepPlan(RunEnvironment environment, Cluster cluster) {
        this.environment = environment;
        this.cluster = cluster;
    }

    /**
     * @param slots trials that run at once
     * @throws UserError for data or settings that are refused; BAD_CONFIGURATION if a process has too little memory
     */
    static List<Planned> of(List<Settings> trainings, RunEnvironment environment, Cluster cluster, int slots) {
        SweepPlan plan = new SweepPlan(environment, cluster);
        List<Sized> sized = trainings.stream().map(plan::sized).toList();
        List<MemoryNeed> needs = sized.stream()
                .map(one -> MemoryNeed.ofTrial(one.settings, one.network, one.input.parts(), one.steps))
                .toList();
        MemoryNeed.requireTrials(needs, cluster.memory(), slots);
        return sized.stream().map(plan::prepared).toList();
    }

    private Sized sized(Settings training) {
        List<String> reading = textsThatDecideData(training);
        Loaded loaded = data.computeIfAbsent(reading, absent -> load(training));
        RowSource source = loaded.data.trainSource();
        Preparation.requirePossible(training, source);
        Recipe recipe = new Recipe(training);
        StepPlan steps = recipe.steps(loaded.data.trainRows());
        return new Sized(
                training,
                reading,
                TrainingInput.of(loaded.data, steps, loaded.files),
                steps,
                recipe.network(source.features(), source.classes()));
    }

    private static List<String> textsThatDecideData(Settings training) {
        List<String> texts = new ArrayList<>();
        training.values().forEach((setting, value) -> {
            if (setting.group() == SettingGroup.DATA || setting == TrainingSettings.SEED) {
                texts.add(value.text());
            }
        });
        return texts;
    }

    private Loaded load(Settings training) {
        try {
            DataSet found = DataSet.of(training, cluster.storage(), new DataLocator(environment));
            environment.say(found.sentence());
            return new Loaded(found, InputFiles.of(found, training, cluster.storage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Planned prepared(Sized sized) {
        Preparation preparation = preparations.computeIfAbsent(
                List.of(sized.reading, sized.steps.shardPlan(), sized.settings.get(NetworkSettings.CLASS_WEIGHTS)),
                absent -> preparation(sized));
        return new Planned(sized.settings, sized.input, preparation.spec(sized.network, sized.steps));
    }

    private Preparation preparation(Sized sized) {
        RowSource source = sized.input.data().trainSource();
        if (!Preparation.needsRows(sized.settings, source)) {
            return Preparation.of(sized.settings, source, Optional.empty());
        }
        try (DistributedRows rows =
                new DistributedRows(cluster, sized.input.parts(), sized.steps.shards(), cluster.storage())) {
            rows.load();
            return Preparation.of(sized.settings, source, Optional.of(new RowStatistics(rows)));
        }
    }
}
