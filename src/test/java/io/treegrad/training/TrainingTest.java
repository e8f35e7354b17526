package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.Scaling;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.Counts;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.Sums;
import io.treegrad.testing.LocalGradientSource;
import io.treegrad.training.Objective.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The loop with gradients that are chosen, mostly: parameter 0 is w, parameter 1 b. */
class TrainingTest {
    private static final Network LINE = Network.dense(List.of(1, 1), List.of(Activation.IDENTITY), true, Loss.MSE);

    private final List<String> events = new ArrayList<>();

    @Test
    void everyStepTakesTheGradientAtTheParametersThatTheLastOneLeft() {
        GradientSource gradients = (theta, step) -> {
            events.add("gradient " + step + " at " + theta[0]);
            return Sums.gradient(1, 1, 2, 2, 0);
        };
        TrainingState outcome = training(gradients, new TrainingLength(2, 2, 1), theta -> {
                    events.add("validation at " + theta[0]);
                    return Sums.evaluation(3, 1, 2);
                })
                .run(new float[] {10, 0});
        assertEquals(
                List.of(
                        "gradient 0 at 10.0",
                        "after 0: 9.0",
                        "gradient 1 at 9.0",
                        "after 1: 8.0",
                        "validation at 8.0",
                        "epoch 1",
                        "gradient 2 at 8.0",
                        "after 2: 7.0",
                        "gradient 3 at 7.0",
                        "after 3: 6.0",
                        "validation at 6.0",
                        "epoch 2"),
                events);
        assertArrayEquals(new float[] {6, 0}, outcome.chosenParameters());
        assertEquals(4, outcome.step());
        assertEquals(2, outcome.chosenEpoch());
        assertEquals(2, outcome.epochs().size());
    }

    @Test
    void trainingMetricsOfAnEpochAreSumsOverItsStepsDividedOnce() {
        // steps of 1 and 3 rows with losses 8 and 4: (8 + 4) / 4, where a mean of means would give 4.67; the second
        // epoch starts anew
        GradientSource gradients = (theta, step) -> step == 0
                ? Sums.gradient(8, 1, 1, 0, 0)
                : step == 1 ? Sums.gradient(4, 2, 3, 0, 0) : Sums.gradient(5, 0, 5, 0, 0);
        TrainingState state =
                training(gradients, new TrainingLength(2, 2, 1), null).run(new float[2]);
        List<EpochResult> epochs = state.epochs();
        assertEquals(new EpochResult(1, 4, MetricValues.ofTraining(3, 0.75), null), epochs.get(0));
        assertEquals(new EpochResult(2, 10, MetricValues.ofTraining(1, 0), null), epochs.get(1));
        assertTrue(epochs.get(0).validated().isEmpty());
        assertArrayEquals(new float[] {8, 4 / 3f, 1, 1}, state.losses().points(), "the mean loss of each step");
    }

    @Test
    void validationComesEveryFewEpochsAndAfterTheLast() {
        List<Long> validated = new ArrayList<>();
        for (EpochResult result : training(still(), new TrainingLength(2, 8, 3), constantly(2, 1, 2))
                .run(new float[2])
                .epochs()) {
            result.validated().ifPresent(metrics -> {
                validated.add(result.epoch());
                assertEquals(MetricValues.of(Sums.evaluation(2, 1, 2)), metrics);
                assertEquals(0.5, metrics.get(Metric.WORST_CLASS_RECALL));
            });
        }
        assertEquals(List.of(3L, 6L, 8L), validated);
    }

    @Test
    void patienceStopsTrainingAndBringsTheBestParametersBack() {
        // w falls by one a step; the loss is (w - 7)², lowest after the third of epochs of one step
        GradientSource gradients = (theta, step) -> Sums.gradient(1, 1, 1, 1, 0);
        TrainingState outcome = new Training(
                        gradients,
                        optimizer(1),
                        new TrainingLength(1, 100, 1),
                        theta -> Sums.evaluation((theta[0] - 7) * (theta[0] - 7), 0, 1),
                        new StoppingRule(
                                Optional.of(new StoppingRule.Patience(4, StoppingRule.Progress.LOWEST)),
                                Optional.empty()),
                        new TrainingObserver() {})
                .run(new float[] {10, 0});
        assertArrayEquals(new float[] {7, 0}, outcome.chosenParameters());
        assertEquals(3, outcome.chosenEpoch());
        assertEquals(7, outcome.step());
        assertEquals(7, outcome.epochs().size());
    }

    @Test
    void targetAccuracyStopsTrainingWithTheLastParameters() {
        GradientSource gradients = (theta, step) -> Sums.gradient(1, 1, 1, 1, 0);
        TrainingState outcome = new Training(
                        gradients,
                        optimizer(1),
                        new TrainingLength(1, 100, 1),
                        theta -> Sums.evaluation(1, (long) (10 - theta[0]), 10),
                        new StoppingRule(Optional.empty(), Optional.of(0.4)),
                        new TrainingObserver() {})
                .run(new float[] {10, 0});
        assertArrayEquals(new float[] {6, 0}, outcome.chosenParameters());
        assertEquals(4, outcome.chosenEpoch());
    }

    @Test
    void noEpochsLeaveTheParametersAsTheyAre() {
        float[] theta = {1, 2};
        TrainingState outcome = training(still(), new TrainingLength(5, 0, 1), constantly(1, 1, 1))
                .run(theta);
        assertSame(theta, outcome.chosenParameters());
        assertEquals(0, outcome.step());
        assertEquals(0, outcome.chosenEpoch());
        assertTrue(outcome.epochs().isEmpty());
    }

    @Test
    void lossThatIsNotFiniteEndsTrainingAtItsStepBeforeTheUpdate() {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            events.clear();
            GradientSource gradients = (theta, step) -> Sums.gradient(step == 3 ? loss : 1, 0, 1, 1, 1);
            UserError error =
                    assertThrows(UserError.class, () -> training(gradients, new TrainingLength(2, 10, 1), null)
                            .run(new float[2]));
            assertEquals(UserError.Kind.DIVERGED, error.kind());
            assertTrue(
                    error.getMessage().startsWith("training diverged: the loss of step 3 is " + loss + ", expected"),
                    error.getMessage());
            assertEquals("after 2: -3.0", events.get(events.size() - 1));
        }
    }

    @Test
    void parametersThatAreNotFiniteEndTheirEpochBeforeAnyoneIsTold() {
        // a loss may stay finite: saturated outputs do not care how large the weights are
        for (float gradient : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            events.clear();
            GradientSource gradients = (theta, step) -> Sums.gradient(1, 0, 1, 0, step == 2 ? gradient : 0);
            UserError error =
                    assertThrows(UserError.class, () -> training(gradients, new TrainingLength(2, 10, 1), theta -> {
                                events.add("validation");
                                return Sums.evaluation(1, 1, 1);
                            })
                            .run(new float[2]));
            assertEquals(UserError.Kind.DIVERGED, error.kind());
            assertTrue(
                    error.getMessage()
                            .startsWith("training diverged: a parameter is " + -gradient + " after 4 steps, expected"),
                    error.getMessage());
            assertEquals(
                    List.of("after 0: 0.0", "after 1: 0.0", "validation", "epoch 1", "after 2: 0.0", "after 3: 0.0"),
                    events);
        }
    }

    @Test
    void stateOfTheOptimizerThatIsNotFiniteIsFoundAsWell() {
        float[][] vectors = {{0, 0}, {0, Float.POSITIVE_INFINITY}};
        TrainingState state =
                new TrainingState(new float[2], vectors, 6, Counts.NONE, List.of(), null, new LossTrace());
        UserError error = assertThrows(UserError.class, state::requireFinite);
        assertEquals(UserError.Kind.DIVERGED, error.kind());
        assertTrue(
                error.getMessage().contains("a value of the optimizer state is Infinity after 6 steps"),
                error.getMessage());
    }

    @Test
    void validationLossThatIsNotFiniteEndsTraining() {
        UserError error = assertThrows(
                UserError.class, () -> training(still(), new TrainingLength(1, 3, 1), constantly(Double.NaN, 1, 1))
                        .run(new float[2]));
        assertEquals(UserError.Kind.DIVERGED, error.kind());
        assertTrue(error.getMessage().contains("the validation loss of epoch 1 is NaN"), error.getMessage());
    }

    @Test
    void copyOfAStateStaysAsItWasWhileTrainingGoesOn() {
        Training training = training((theta, step) -> Sums.gradient(3, 1, 1, 1, 0), new TrainingLength(2, 2, 1), null);
        TrainingState state = new TrainingState(
                new float[] {5, 0},
                new float[][] {{7, 8}},
                1,
                Sums.gradient(1, 0, 2, 0, 0).counts(),
                List.of(),
                null,
                new LossTrace());
        TrainingState copy = state.copy();
        training.run(state);
        state.optimizerState()[0][1] = 99;
        assertArrayEquals(new float[] {5, 0}, copy.parameters());
        assertArrayEquals(new float[] {7, 8}, copy.optimizerState()[0]);
        assertEquals(1, copy.step());
        assertEquals(2, copy.sums().rows());
        assertEquals(0, copy.losses().points().length);
        assertTrue(copy.epochs().isEmpty());
        // and goes on from there to the same end
        training.run(copy);
        assertArrayEquals(state.parameters(), copy.parameters());
        assertArrayEquals(state.losses().points(), copy.losses().points());
        assertEquals(state.epochs(), copy.epochs());
    }

    @Test
    void everyObserverIsToldInOrder() {
        TrainingObserver first = told("first");
        TrainingObserver second = told("second");
        new Training(
                        still(),
                        optimizer(1),
                        new TrainingLength(1, 1, 1),
                        null,
                        StoppingRule.never(),
                        TrainingObserver.all(first, second))
                .run(new float[2]);
        assertEquals(
                List.of(
                        "first: update 0",
                        "second: update 0",
                        "first: epoch 1",
                        "second: epoch 1",
                        "first: step 1",
                        "second: step 1"),
                events);
    }

    private TrainingObserver told(String name) {
        return new TrainingObserver() {
            @Override
            public void afterUpdate(long step, float[] theta, GradientSum sum) {
                events.add(name + ": update " + step);
            }

            @Override
            public void afterEpoch(EpochResult result) {
                events.add(name + ": epoch " + result.epoch());
            }

            @Override
            public void afterStep(TrainingState state) {
                events.add(name + ": step " + state.step());
            }
        };
    }

    @Test
    void hugeLearningRateDiverges() {
        LocalGradientSource gradients = line(new float[] {1, 2, 3, 4}, 4);
        Training training = new Training(
                gradients,
                optimizer(1e30),
                new TrainingLength(1, 50, 1),
                null,
                StoppingRule.never(),
                new TrainingObserver() {});
        UserError error = assertThrows(UserError.class, () -> training.run(new float[] {1, 0}));
        assertEquals(UserError.Kind.DIVERGED, error.kind());
    }

    @Test
    void valueThatIsNotANumberIsFoundAtTheStepThatVisitsItsRow() {
        int bad = 5;
        StepPlan plan = new StepPlan(12, 1, 3, 1);
        int position = 0;
        while (plan.order(0, 0)[position] != bad) {
            position++;
        }
        long step = position / 3;
        float[] x = new float[12];
        x[bad] = Float.NaN;
        Training training = training(line(x, 3), new TrainingLength(plan.stepsPerEpoch(), 1, 1), null);
        UserError error = assertThrows(UserError.class, () -> training.run(new float[2]));
        assertTrue(error.getMessage().contains("the loss of step " + step + " is NaN"), error.getMessage());
        assertEquals(step, events.size());
    }

    private static LocalGradientSource line(float[] x, int batchSize) {
        return new LocalGradientSource(
                LINE, new StepPlan(x.length, 1, batchSize, 1), new FloatRows(1, x, new int[x.length]), Scaling.none());
    }

    private static GradientSource still() {
        return (theta, step) -> Sums.gradient(1, 1, 1, 0, 0);
    }

    private static Function<float[], EvaluationSum> constantly(double lossSum, long correct, long rows) {
        return theta -> Sums.evaluation(lossSum, correct, rows);
    }

    private Training training(
            GradientSource gradients, TrainingLength length, Function<float[], EvaluationSum> validation) {
        TrainingObserver observer = new TrainingObserver() {
            @Override
            public void afterUpdate(long step, float[] theta, GradientSum sum) {
                events.add("after " + step + ": " + theta[0]);
            }

            @Override
            public void afterEpoch(EpochResult result) {
                events.add("epoch " + result.epoch());
            }
        };
        return new Training(gradients, optimizer(1), length, validation, StoppingRule.never(), observer);
    }

    private static Optimizer optimizer(double rate) {
        return new Optimizer(
                new Objective(LINE, Reduction.MEAN, 0),
                rate,
                new LearningRateSchedule.Constant(),
                new TrainingLength(1, 1, 1),
                new UpdateRule.Sgd());
    }
}
