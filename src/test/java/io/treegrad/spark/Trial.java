package io.treegrad.spark;

import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.model.WeightsDigest;
import io.treegrad.network.Activation;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.testing.LocalEvaluation;
import io.treegrad.testing.LocalGradientSource;
import io.treegrad.training.EpochResult;
import io.treegrad.training.GradientSource;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.MetricValues;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.StoppingRule;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import io.treegrad.training.UpdateRule;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A short training on which engines are compared with the oracle. Nothing in it is the cluster's: whoever runs it must
 * come to an equal {@link Result}.
 *
 * @param train holds the training rows first and the validation rows after them
 * @param test is only evaluated, at the end
 */
public record Trial(RowSource train, RowSource test, StepPlan steps, UpdateRule rule, double l2, long epochs) {
    public static final Network NETWORK = Network.dense(
            List.of(784, 20, 10), List.of(Activation.SIGMOID, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
    private static final double RATE = 0.2;
    private static final double ADAM_RATE = 0.005;

    /** What a training came to; equal only if every bit is. */
    public record Result(String weights, List<EpochResult> epochs, String evaluations) {}

    /** {@code shards} over {@code rows} synthetic rows, with 300 more to validate on and 700 to test on. */
    public static Trial synthetic(int rows, int shards, int batchSize, long seed, long epochs) {
        return new Trial(
                new SyntheticDigits(seed, 0, rows + 300L),
                new SyntheticDigits(seed, 1, 700),
                new StepPlan(rows, shards, batchSize, seed),
                new UpdateRule.Momentum(0.9),
                0,
                epochs);
    }

    public Trial with(UpdateRule otherRule, double otherL2) {
        return new Trial(train, test, steps, otherRule, otherL2, epochs);
    }

    long lastStep() {
        return epochs * steps.stepsPerEpoch();
    }

    public Map<Part, ShardedPart> parts() {
        return Map.of(
                Part.TRAIN, new ShardedPart(train, RowSet.range(0, steps.rows()), steps.shardPlan()),
                Part.VALIDATION, ShardedPart.evaluated(train, RowSet.range(steps.rows(), train.rows())),
                Part.TEST, ShardedPart.evaluated(test, RowSet.range(0, test.rows())));
    }

    public static WorkSpec spec(StepPlan steps) {
        return new WorkSpec(NETWORK, Scaling.unit(), steps);
    }

    /** @param patience of the resident engine; the other one waits for nobody */
    static StepEngine open(boolean resident, DistributedRows rows, WorkSpec spec, int treeDepth, Duration patience) {
        return resident ? new ResidentEngine(rows, spec, patience) : new TreeEngine(rows, spec, treeDepth);
    }

    public float[] start() {
        return new Initialization.Glorot().parameters(NETWORK, steps.seed());
    }

    /** On one thread, without Spark. */
    public Result oracle(Storage storage) throws IOException {
        Rows trained = train.read(RowSet.range(0, steps.rows()), storage);
        GradientSource gradients = new LocalGradientSource(NETWORK, steps, trained, Scaling.unit());
        return result(gradients, (theta, part) -> {
            ShardedPart rows = parts().get(part);
            ShardPlan shards = rows.shards();
            try {
                Rows evaluated = rows.source().read(rows.rows(), storage);
                return new LocalEvaluation(NETWORK, shards, evaluated, Scaling.unit()).apply(theta);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    public Result on(StepEngine engine) {
        return result(engine, engine::evaluate);
    }

    public Result result(GradientSource gradients, BiFunction<float[], Part, EvaluationSum> evaluation) {
        TrainingLength length = new TrainingLength(steps.stepsPerEpoch(), epochs, 1);
        double rate = rule instanceof UpdateRule.Adam ? ADAM_RATE : RATE;
        TrainingState outcome = new Training(
                        gradients,
                        new Optimizer(
                                new Objective(NETWORK, Objective.Reduction.MEAN, l2),
                                rate,
                                new LearningRateSchedule.Constant(),
                                length,
                                rule),
                        length,
                        theta -> evaluation.apply(theta, Part.VALIDATION),
                        StoppingRule.never(),
                        new TrainingObserver() {})
                .run(start());
        float[] theta = outcome.chosenParameters();
        StringBuilder evaluations = new StringBuilder();
        for (Part part : Part.values()) {
            evaluations.append(part).append(' ').append(text(evaluation.apply(theta, part)));
        }
        return new Result(WeightsDigest.of(NETWORK, theta), outcome.epochs(), evaluations.toString());
    }

    private static String text(EvaluationSum sum) {
        StringBuilder text = new StringBuilder();
        MetricValues.of(sum).byKey().forEach((key, value) -> text.append(key)
                .append(' ')
                .append(Double.toHexString(value))
                .append(' '));
        text.append("confusion");
        for (int label = 0; label < sum.classes(); label++) {
            for (int predicted = 0; predicted < sum.classes(); predicted++) {
                text.append(' ').append(sum.confusion(label, predicted));
            }
        }
        return text.append('\n').toString();
    }
}
