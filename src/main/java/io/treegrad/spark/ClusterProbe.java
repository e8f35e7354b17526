package io.treegrad.spark;

import io.treegrad.network.GradientSum;
import io.treegrad.network.Network;
import io.treegrad.spark.exchange.CostModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a cluster does with steps of one network and batch size, measured in well under a minute.
 *
 * @param model fitted to steps of one task
 * @param launchSeconds of a Spark job of as many tasks as can run at once
 * @param whole all that takes part in a step here
 * @param oneTask seconds of a step of one task
 * @param all seconds of a step of {@code whole}
 */
public record ClusterProbe(CostModel model, double launchSeconds, CostModel.Layout whole, double oneTask, double all) {
    private static final int ROWS = 20_000;
    private static final int TINY_BATCH = 2;
    private static final int LAUNCHES = 20;
    private static final int ADDITIONS = 200;

    /**
     * @param slots tasks that can run at once
     * @param seconds of each measurement, after its rate has settled
     */
    public static ClusterProbe measure(Cluster cluster, int slots, Network network, int batch, double seconds) {
        int rows = Math.max(ROWS, batch);
        StepBenchmark benchmark = new StepBenchmark(cluster, rows, seconds);
        CostModel.Layout layout = cluster.layout(slots);
        CostModel.Layout whole = new CostModel.Layout(
                layout.executors(), Math.min(slots, benchmark.steps(batch).shards()));
        double all = seconds(benchmark, network, batch, whole.tasks());
        double oneTask = whole.tasks() == 1 ? all : seconds(benchmark, network, batch, 1);
        int smallBatch = Math.max(1, batch / 4);
        double small = seconds(benchmark, network, smallBatch, 1);
        // a short measurement may find the smaller batch slower
        double row = Math.max(oneTask / (2.0 * batch), (oneTask - small) / Math.max(1, batch - smallBatch));
        long parameters = network.parameterCount();
        double fixed = Math.max(0, oneTask - batch * row);
        CostModel model;
        if (whole.executors() == 0) {
            model = new CostModel(row, 0, 0, fixed / parameters);
        } else {
            Network tiny = StepBenchmark.network(List.of());
            double tinyRow = row * tiny.operationsPerRow() / network.operationsPerRow();
            double hop = Math.max(0, seconds(benchmark, tiny, TINY_BATCH, 1) - TINY_BATCH * tinyRow) / 2;
            double addition = Math.min(secondsOfAddition(network), fixed / parameters);
            double bytes = Math.max(0, fixed - 2 * hop - parameters * addition);
            model = new CostModel(row, hop, bytes / (2.0 * parameters * Float.BYTES), addition);
        }
        return new ClusterProbe(model, launchSeconds(cluster, slots), whole, oneTask, all);
    }

    private static double seconds(StepBenchmark benchmark, Network network, int batch, int tasks) {
        return benchmark.rate(network, batch, tasks, EngineChoice.RESIDENT).stepSeconds();
    }

    /** Of one parameter on this thread, as the driver joins and updates. */
    private static double secondsOfAddition(Network network) {
        GradientSum into = new GradientSum(network.parameterCount());
        GradientSum other = new GradientSum(network.parameterCount());
        double[] seconds = new double[ADDITIONS];
        for (int i = 0; i < ADDITIONS; i++) {
            long start = System.nanoTime();
            into.add(other);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return median(seconds) / network.parameterCount();
    }

    private static double launchSeconds(Cluster cluster, int slots) {
        JavaSparkContext context = cluster.context();
        List<Integer> tasks = IntStream.range(0, slots).boxed().toList();
        double[] seconds = new double[LAUNCHES];
        for (int i = 0; i < LAUNCHES; i++) {
            long start = System.nanoTime();
            context.parallelize(tasks, slots).count();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return median(seconds);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /**
     * What a step takes in another layout: by the model, and as much longer or shorter as what was measured with one task and
     * with all. Beyond all, as with all.
     */
    public double stepSeconds(long rows, long parameters, CostModel.Layout layout) {
        double most = Math.max(1, whole.tasks() - 1);
        double share = Math.min(1, (layout.tasks() - 1) / most);
        CostModel.Layout single = new CostModel.Layout(Math.min(1, whole.executors()), 1);
        double first = oneTask / model.stepSeconds(rows, parameters, single);
        double last = all / model.stepSeconds(rows, parameters, whole);
        return model.stepSeconds(rows, parameters, layout) * (first + (last - first) * share);
    }
}
