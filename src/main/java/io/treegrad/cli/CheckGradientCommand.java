package io.treegrad.cli;

import io.treegrad.data.FeatureSums;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ScalingMethod;
import io.treegrad.data.ValueRange;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.GradientCheck;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Layer;
import io.treegrad.network.Network;
import io.treegrad.run.DataLocator;
import io.treegrad.run.DataSources;
import io.treegrad.run.Recipe;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.HadoopStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares the gradient of backpropagation with numeric derivatives, on the first rows of the data and at the initial
 * weights of the network that the settings describe. Starts no executors.
 */
final class CheckGradientCommand implements CommandAction {
    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        Arithmetic.prepare(Arithmetic.usualUnits()).ifPresent(console.err()::println);
        HadoopStorage storage = Cluster.submissionStorage();
        DataLocator.Location location = new DataLocator(console.forRun()).locate(settings.get(DataSettings.CHOICE));
        console.err().println(location.sentence());
        RowSource source = new DataSources(settings, storage).train(location);
        Recipe recipe = new Recipe(settings);
        Network network = recipe.network(source.features(), source.classes());
        int count = (int) Math.min(source.rows(), settings.get(CommandSettings.ROWS));
        Rows rows = source.read(RowSet.range(0, count), storage);
        float[] theta = recipe.parameters(network);
        Batch batch = batch(rows, scaling(settings.get(DataSettings.SCALE), rows));
        GradientSum sum = new GradientSum(network.parameterCount());
        new Backpropagation(network, count).gradient(theta, batch, sum);
        List<GradientCheck.LayerCheck> checks = GradientCheck.compare(network, theta, batch, sum.gradient());
        boolean holds = checks.stream().allMatch(GradientCheck.LayerCheck::holds);
        console.summary()
                .put("network", network.toString())
                .put("loss", network.loss().label())
                .put("rows", count)
                .put("arithmetic", Arithmetic.name())
                .put("layers", checks.stream().map(CheckGradientCommand::facts).toList())
                .put("holds", holds);
        if (!settings.get(OutputSettings.JSON)) {
            console.out()
                    .printf(
                            "Network %s, %s, %d rows, %s%n",
                            network, network.loss().label(), count, Arithmetic.name());
            console.out()
                    .printf("%-5s  %-10s %10s %9s %22s%n", "layer", "activation", "checked", "at kinks", "difference");
            for (GradientCheck.LayerCheck check : checks) {
                Layer layer = network.layers().get(check.layer() - 1);
                console.out()
                        .printf(
                                Locale.ROOT,
                                "%-5d  %-10s %,10d %,9d %22.1e  %s%n",
                                check.layer(),
                                layer.activation().label(),
                                check.checked(),
                                check.skipped(),
                                check.relativeDifference(),
                                check.holds() ? "OK" : "FAILED");
            }
            console.out().println("difference: the largest of a layer, as a share of its largest derivative");
            console.out().flush();
        }
        if (!holds) {
            throw new IllegalStateException("backpropagation differs from numeric derivatives: " + checks);
        }
    }

    private static Scaling scaling(ScalingMethod told, Rows rows) {
        ScalingMethod method = told.orSuggested(rows.areBytes(), () -> suggested(rows));
        if (method != ScalingMethod.STANDARD) {
            return Scaling.of(method.label(), new float[0], new float[0]);
        }
        FeatureSums sums = new FeatureSums(rows);
        for (int row = 0; row < rows.count(); row++) {
            sums.addRow(rows, row);
        }
        return sums.standardScaling();
    }

    private static ScalingMethod suggested(Rows rows) {
        ValueRange range = new ValueRange();
        for (int row = 0; row < rows.count(); row++) {
            range.add(rows, row);
        }
        return range.method();
    }

    private static Batch batch(Rows rows, Scaling scaling) {
        Batch batch = rows.newBatch(rows.count());
        for (int row = 0; row < rows.count(); row++) {
            rows.addTo(batch, row, scaling);
        }
        return batch;
    }

    private static Map<String, Object> facts(GradientCheck.LayerCheck check) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("layer", check.layer());
        facts.put("checked", check.checked());
        facts.put("skipped", check.skipped());
        facts.put("relativeDifference", check.relativeDifference());
        facts.put("holds", check.holds());
        return facts;
    }
}
