package io.treegrad.spark;

import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.UpdateRule;
import io.treegrad.worker.WorkSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Times steps on synthetic digits, updates included.
 *
 * @param rows to train on
 * @param seconds of a measurement, which begins when the rate has settled
 */
public record StepBenchmark(Cluster cluster, int rows, double seconds) {
    private static final int FEATURES = 28 * 28;
    private static final int CLASSES = 10;

    /** The rate has settled when so many looks at it in a row found it no more than this times the best one before. */
    private static final int LOOKS = 4;

    private static final double FASTER = 1.05;
    private static final int MOST_LOOKS = 40;
    /** Of a measurement. */
    private static final double SHARE_OF_A_LOOK = 0.5;

    private static final int TREE_DEPTH = 2;
    private static final float[][] NO_STATE = {};

    /** What was measured with the engine of that name. */
    public record Rate(String engine, double rowsPerSecond, double stepSeconds) {}

    private record Run(long steps, long rows, double seconds) {}

    /** A network for the digits, with those hidden layers. */
    public static Network network(List<Integer> hidden) {
        List<Integer> widths = new ArrayList<>(List.of(FEATURES));
        widths.addAll(hidden);
        widths.add(CLASSES);
        return Network.dense(
                widths, Collections.nCopies(hidden.size() + 1, Activation.SIGMOID), true, Loss.BINARY_CROSS_ENTROPY);
    }

    /** The steps of batches of that size. */
    public StepPlan steps(int batch) {
        return new StepPlan(rows, StepPlan.defaultShards(batch), batch, 1);
    }

    /** @param engine {@code TREE} or {@code RESIDENT} */
    public Rate rate(Network network, int batch, int tasks, EngineChoice engine) {
        StepPlan steps = steps(batch);
        SyntheticDigits digits = new SyntheticDigits(1, 0, rows);
        Map<Part, ShardedPart> parts =
                Map.of(Part.TRAIN, new ShardedPart(digits, RowSet.range(0, rows), steps.shardPlan()));
        Optimizer optimizer = new Optimizer(
                // the steps of a summed large batch would saturate all units, as no sensible training does
                new Objective(network, Objective.Reduction.MEAN, 0.01),
                0.05,
                new LearningRateSchedule.Constant(),
                new TrainingLength(steps.stepsPerEpoch(), 1, 1),
                new UpdateRule.Sgd());
        float[] theta = new Initialization.Normal(0.1).parameters(network, 1);
        WorkSpec spec = new WorkSpec(network, Scaling.symmetric(), steps);
        try (DistributedRows held = new DistributedRows(cluster, parts, tasks, cluster.storage());
                StepEngine running = EngineDecision.open(engine, held, spec, TREE_DEPTH)) {
            held.load();
            long settled = settle(running, optimizer, theta);
            Run measured = run(running, optimizer, theta, settled, seconds);
            return new Rate(
                    running.name(), measured.rows() / measured.seconds(), measured.seconds() / measured.steps());
        }
    }

    /**
     * Takes steps until their rate has settled: executors compile the kernels for many seconds.
     *
     * @return the next step
     */
    private long settle(StepEngine engine, Optimizer optimizer, float[] theta) {
        long step = 0;
        double best = 0;
        int settled = 0;
        for (int look = 0; look < MOST_LOOKS && settled < LOOKS; look++) {
            Run run = run(engine, optimizer, theta, step, SHARE_OF_A_LOOK * seconds);
            step += run.steps();
            double rate = run.rows() / run.seconds();
            settled = rate > FASTER * best ? 0 : settled + 1;
            best = Math.max(best, rate);
        }
        return step;
    }

    /** Takes steps until the time is over. */
    private static Run run(StepEngine engine, Optimizer optimizer, float[] theta, long first, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long step = first;
        long seen = 0;
        long now;
        do {
            GradientSum sum = engine.sumAt(theta, step);
            seen += sum.counts().rows();
            optimizer.update(theta, NO_STATE, sum, step);
            step++;
            now = System.nanoTime();
        } while (now < end);
        return new Run(step - first, seen, (now - start) / 1e9);
    }
}
