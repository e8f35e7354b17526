package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.ShardedPart;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import io.treegrad.run.DataLocator;
import io.treegrad.run.DataSources;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.TreeEngine;
import io.treegrad.storage.CurrentVersion;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.training.MetricValues;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All metrics of a model on a data set, and a table per class. */
final class EvaluateCommand implements CommandAction {
    private static final int TREE_DEPTH = 2;
    /** In a message. */
    private static final int MOST_COLUMNS = 4;

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        Cluster.prepareArithmetic().ifPresent(console.err()::println);
        try (Cluster cluster = Cluster.start("treegrad evaluate")) {
            HadoopStorage storage = cluster.storage();
            String directory =
                    CurrentVersion.at(storage, settings.get(CommandSettings.MODEL), CommandSettings.MODEL.name());
            TrainedModel model = ModelFiles.read(storage, directory);
            RowSource source = source(settings, storage, console, model);
            requireFit(model, source);
            WorkSpec spec = new WorkSpec(model.network(), model.scaling(), null);
            int slots = cluster.awaitSlots();
            ShardedPart part = ShardedPart.evaluated(source, RowSet.range(0, source.rows()));
            int partitions = settings.get(ClusterSettings.PARTITIONS).orElse(slots);
            try (DistributedRows rows = new DistributedRows(cluster, Map.of(Part.TEST, part), partitions, storage);
                    TreeEngine engine = new TreeEngine(rows, spec, TREE_DEPTH)) {
                rows.load();
                EvaluationSum sum = engine.evaluate(model.parameters(), Part.TEST);
                console.summary()
                        .put("model", directory)
                        .put("weightsSha256", model.weightsSha256())
                        .put("data", source.describe())
                        .put("rows", sum.rows())
                        .put("metrics", MetricValues.of(sum).requireValid());
                if (model.network().task() == Task.CLASSIFICATION) {
                    console.summary().put("confusion", ConfusionTable.counts(sum));
                }
                if (!settings.get(OutputSettings.JSON)) {
                    console.out().printf("Model  %s%nData   %s%n%n", directory, source.describe());
                    ConfusionTable.print(console.out(), sum, model.labels());
                }
            }
        }
    }

    /**
     * The test rows of {@code --data}, or all rows if it has no test rows, as a single file. They are read in the same
     * way as the model's training rows.
     */
    static RowSource source(Settings settings, HadoopStorage storage, Console console, TrainedModel model)
            throws IOException {
        DataLocator.Location location = new DataLocator(console.forRun()).locate(settings.get(DataSettings.CHOICE));
        console.err().println(location.sentence());
        Optional<ReadingOptions.Precedent> like = model.reading()
                .map(reading -> new ReadingOptions.Precedent(
                        reading, model.labels(), model.network().features()));
        RowSource source = new DataSources(settings, storage).test(location, like);
        like.ifPresent(trained -> warnOfOtherColumns(trained, source, console));
        return source;
    }

    private static void warnOfOtherColumns(ReadingOptions.Precedent like, RowSource source, Console console) {
        source.reading().filter(like::hasOtherColumns).ifPresent(found -> console.err()
                .printf(
                        "Warning: %s: none of its columns (%s) has the name of one that the model was trained on (%s), so"
                                + " they are taken in their order.%n",
                        source.describe(),
                        Printable.list(found.features(), MOST_COLUMNS),
                        Printable.list(like.reading().features(), MOST_COLUMNS)));
    }

    static void requireFit(TrainedModel model, RowSource source) {
        Network network = model.network();
        if (source.features() != network.features()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: rows of %d values, expected %d as the model %s takes. Give rows like those that it was trained on."
                            .formatted(source.describe(), source.features(), network.features(), network));
        }
        if (source.classes() > Math.max(1, network.classes())) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: rows of %d classes, expected at most %d as the model %s has. Give rows of its classes."
                            .formatted(source.describe(), source.classes(), network.classes(), network));
        }
    }
}
