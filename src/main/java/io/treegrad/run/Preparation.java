package io.treegrad.run;

import io.treegrad.common.Printable;
import io.treegrad.data.Part;
import io.treegrad.data.RowSource;
import io.treegrad.data.Scaling;
import io.treegrad.data.ScalingMethod;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.network.SpreadSum;
import io.treegrad.network.Task;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.RowStatistics;
import io.treegrad.training.ClassWeights;
import io.treegrad.worker.WorkSpec;
import java.util.List;
import java.util.Optional;

/**
 * What is known only after the training rows have been read once.
 *
 * @param meaning of the outputs, with what depends on the rows: weights of classes, mean and deviation of numbers
 */
record Preparation(Scaling scaling, Meaning meaning) {
    /** Whether the rows have to be read for it. */
    static boolean needsRows(Settings settings, RowSource source) {
        return settings.get(DataSettings.SCALE) == ScalingMethod.STANDARD
                || isByRange(settings, source)
                || settings.get(DataSettings.TASK) == Task.REGRESSION
                || settings.get(NetworkSettings.CLASS_WEIGHTS) instanceof ClassWeights.Balanced;
    }

    /** @param rows of this source on executors; may be empty where they are not needed ({@link #needsRows}) */
    static Preparation of(Settings settings, RowSource source, Optional<RowStatistics> rows) {
        ScalingMethod method = settings.get(DataSettings.SCALE).orSuggested(source.ofBytes(), () -> rows.orElseThrow()
                .trainingRange()
                .method());
        return new Preparation(
                method == ScalingMethod.STANDARD
                        ? rows.orElseThrow().standardScaling()
                        : Scaling.of(method.label(), new float[0], new float[0]),
                settings.get(DataSettings.TASK) == Task.REGRESSION
                        ? numbers(rows.orElseThrow().targetSpread())
                        : classes(settings, source, rows));
    }

    /** Whether the scaling follows from the values of the rows. */
    private static boolean isByRange(Settings settings, RowSource source) {
        return settings.get(DataSettings.SCALE) == ScalingMethod.AUTO && !source.ofBytes();
    }

    /** A sentence on a scaling that the values of the rows decided. */
    Optional<String> scalingSentence(Settings settings, RowSource source) {
        if (!isByRange(settings, source)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (scaling.name()) {
                    case "unit" -> "Values are divided by 255, as those of pixels.";
                    case "none" -> "Values are not scaled, since all lie within -1 and 1.";
                    default -> "Values are scaled to mean 0 and deviation 1, column by column.";
                });
    }

    private static Meaning numbers(SpreadSum targets) {
        float deviation = (float) targets.deviation();
        return new Meaning.OfNumbers((float) targets.mean(), deviation > 0 ? deviation : 1);
    }

    private static Meaning classes(Settings settings, RowSource source, Optional<RowStatistics> rows) {
        ClassWeights weights = settings.get(NetworkSettings.CLASS_WEIGHTS);
        List<String> names = source.classNames();
        return weights.of(
                names,
                weights instanceof ClassWeights.Balanced
                        ? rows.orElseThrow().rowsOfClass(Part.TRAIN, names.size())
                        : new long[0]);
    }

    /** Refuses settings that do not fit the data, before anything is read. */
    static void requirePossible(Settings settings, RowSource source) {
        List<String> names = source.classNames();
        settings.get(NetworkSettings.CLASS_WEIGHTS).unknownIn(names).ifPresent(name -> {
            throw settings.refusal(
                    NetworkSettings.CLASS_WEIGHTS,
                    "there is no class " + Printable.quoted(name) + ", expected classes of " + source.describe() + ": "
                            + DataSet.classNames(names) + ".");
        });
    }

    WorkSpec spec(Network network, StepPlan steps) {
        return new WorkSpec(network.meaning(meaning), scaling, steps);
    }
}
