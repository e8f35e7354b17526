package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Activation;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.testing.LocalEvaluation;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import io.treegrad.training.PairedCounts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is published and what is not; the models tell numbers of one line apart, so that their hits can be counted. */
class GatesTest {
    /** Below 50 are those of class a. */
    private static final TestRows ROWS = new InMemory(numbers(100, 50));

    private static final Network NETWORK = network(1, 2);
    private static final Network NUMBERS = Network.dense(List.of(1, 1), List.of(Activation.IDENTITY), true, Loss.MSE)
            .meaning(new Meaning.OfNumbers(0, 1));

    @TempDir
    private Path directory;

    /** Rows on which models are judged where the test runs. */
    private record InMemory(FloatRows rows) implements TestRows {
        @Override
        public EvaluationSum evaluate(TrainedModel model) {
            return new LocalEvaluation(model.network(), new ShardPlan(rows.count(), 1), rows, model.scaling())
                    .apply(model.parameters());
        }

        @Override
        public PairedCounts compare(TrainedModel model, TrainedModel champion) {
            PairedCounts counts = new PairedCounts(model.network().classes());
            int[] now = predicted(model);
            int[] before = predicted(champion);
            for (int row = 0; row < rows.count(); row++) {
                int label = rows.label(row);
                counts.count(label, now[row] == label, before[row] == label);
            }
            return counts;
        }

        private int[] predicted(TrainedModel model) {
            Batch batch = rows.newBatch(rows.count());
            for (int row = 0; row < rows.count(); row++) {
                rows.addTo(batch, row, model.scaling());
            }
            float[] outputs = new Backpropagation(model.network(), rows.count()).forward(model.parameters(), batch);
            return IntStream.range(0, rows.count())
                    .map(row -> model.network().predicted(outputs, row))
                    .toArray();
        }
    }

    /** The numbers from 0 on; those from {@code first} on are of class b. */
    private static FloatRows numbers(int rows, int first) {
        float[] values = new float[rows];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = row;
            labels[row] = row < first ? 0 : 1;
        }
        return new FloatRows(1, values, labels);
    }

    private static Network network(int features, int classes) {
        return Network.dense(List.of(features, classes), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
    }

    /** Takes what lies above a bound for class b. The nearer to it, the less certain. */
    private static TrainedModel above(double bound, MetricValues metrics) {
        return model(NETWORK, List.of("a", "b"), metrics, 0, 1, 0, (float) -bound);
    }

    private static TrainedModel above(double bound) {
        return above(bound, MetricValues.of(ROWS.evaluate(above(bound, MetricValues.ofTraining(1, 0)))));
    }

    private static TrainedModel model(Network network, List<String> labels, MetricValues metrics, float... parameters) {
        Provenance like = SmallRun.model(1).provenance();
        return new TrainedModel(
                network,
                parameters,
                Scaling.none(),
                labels,
                new Provenance(
                        like.data(),
                        like.settings(),
                        1,
                        1,
                        like.engine(),
                        like.arithmetic(),
                        like.cpu(),
                        like.java(),
                        like.spark(),
                        like.treegrad(),
                        like.started(),
                        1,
                        Map.of(Part.TEST, metrics),
                        null));
    }

    private Gates gates(String task, String gate) {
        return gates(Map.of(DataSettings.TASK, task, OutputSettings.GATES, gate));
    }

    private Gates gates(Map<Setting<?>, String> options) {
        return new Gates(
                SettingsResolver.resolve(Command.TRAIN, options, Optional.empty(), Map.of(), Path.of("")), output());
    }

    private OutputDirectory output() {
        return new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString());
    }

    private void publish(TrainedModel champion) {
        try (Lock lock = output().lockForPublishing("a test")) {
            output().publish(lock, "20260101T000000Z-champion", champion);
        }
    }

    private void assertMet(String gate, TrainedModel model) {
        gates("classification", gate).requireMet(model, ROWS);
    }

    private void assertNotMet(String gate, TrainedModel model, String... reasons) {
        UserError error = assertThrows(UserError.class, () -> assertMet(gate, model));
        assertEquals(UserError.Kind.GATE_NOT_MET, error.kind());
        for (String reason : reasons) {
            assertTrue(error.getMessage().contains(reason), error.getMessage());
        }
        assertTrue(error.getMessage().contains(": nothing was published"), error.getMessage());
    }

    @Test
    void aBoundIsMetByItsOwnValue() {
        TrainedModel model = above(53.5); // 50 to 53 are wrong
        assertMet("accuracy>=0.96,recall:a>=1,recall:b>=0.92", model);
        assertNotMet("accuracy>=0.961", model, "The test accuracy is 0.96, expected at least 0.961 (--gate)");
        assertNotMet("recall:b>=1", model, "The test recall of class \"b\" is 0.92, expected at least 1 (--gate)");
        assertNotMet("log-loss<=0", model, "The test log-loss is ", "expected at most 0 (--gate)");
        assertMet("log-loss<=0.3", model);
    }

    @Test
    void boundsAndComparisonsOfTheirOwnSettingsAreGatesToo() {
        publish(above(49.5));
        Gates least = gates(Map.of(OutputSettings.MIN_ACCURACY, "0.9"));
        least.requireMet(above(59.5), ROWS);
        UserError tooLow = assertThrows(UserError.class, () -> least.requireMet(above(60.5), ROWS));
        assertTrue(tooLow.getMessage().contains("expected at least 0.9 (--min-accuracy)"), tooLow.getMessage());
        Gates most = gates(Map.of(OutputSettings.MAX_REGRESSION, "0.01"));
        most.requireMet(above(52.5), ROWS);
        UserError worse = assertThrows(UserError.class, () -> most.requireMet(above(60.5), ROWS));
        assertTrue(worse.getMessage().contains("expected at most 0.01 less (--max-regression)"), worse.getMessage());
    }

    @Test
    void whatTheRunDidNotMeasureIsMeasuredOnTheTestRows() {
        TrainedModel model = above(53.5, MetricValues.ofTraining(0.5, 0.96));
        assertMet("worst-class-recall>=0.92", model);
        assertNotMet("worst-class-recall>=0.93", model, "worst-class recall is 0.92");
    }

    @Test
    void aNewModelMayBeWorseByItsToleranceAndByChance() {
        publish(above(49.5));
        assertMet("champion:accuracy-0", above(49.5));
        assertMet("champion:accuracy-0.2", above(69.5));
        // of 6 rows that only one has right, all speak for the champion: 1/64; of 7, 1/128 is less than 0.01
        assertMet("champion:accuracy-0", above(55.5));
        assertNotMet(
                "champion:accuracy-0",
                above(56.5),
                "The test accuracy is 0.93 and that of the published " + directory + "/versions/",
                "is 1.0 on the same rows (7 rows lost, 0 gained; chance alone does this with probability 0.0078),"
                        + " expected at most 0 less (--gate)");
        assertMet("champion:accuracy-0.01", above(56.5));
        assertNotMet("champion:recall:b-0", above(56.5), "recall of class \"b\" is 0.86", "(7 rows lost");
        assertMet("champion:recall:a-0", above(56.5));
    }

    @Test
    void chanceIsNoExcuseWhereRowsDoNotDecideOneByOne() {
        publish(above(49.5));
        assertMet("champion:balanced-accuracy-0.041", above(53.5));
        assertNotMet(
                "champion:balanced-accuracy-0.039", above(53.5), "balanced accuracy is 0.96", "0.039 less (--gate)");
    }

    @Test
    void aLossMayRiseByItsToleranceAndChanceIsNoExcuse() {
        TrainedModel champion = above(49.5);
        publish(champion);
        TrainedModel model = above(51.5);
        double rise = loss(model) - loss(champion);
        assertTrue(rise > 0.001);
        assertMet("champion:loss+%s".formatted(Math.nextUp(Math.nextUp(rise))), model);
        assertMet("champion:loss+0", champion);
        assertNotMet(
                "champion:loss+0.0001", model, "The test loss is", "same rows, expected at most 1.0E-4 more (--gate)");
    }

    private static double loss(TrainedModel model) {
        return model.provenance().metrics().get(Part.TEST).get(Metric.LOSS);
    }

    @Test
    void aNewModelMayNotLoseAClassOfTheChampion() {
        publish(above(49.5));
        assertMet("accuracy>=0.5", above(80));
        assertMet("champion:recall:a-0", above(74.5));
        assertNotMet(
                "champion:recall:a-0",
                above(75.5),
                "The test recall of class \"b\" is 0.48 and that of the published " + directory,
                "is 1.0 on the same rows, expected that no class is lost");
        assertNotMet("champion:recall:b-0", above(23.5), "The test recall of class \"a\" is 0.48");
    }

    @Test
    void withoutAChampionNothingIsCompared() {
        assertMet("champion:accuracy-0,champion:loss+0", above(99.5));
    }

    @Test
    void numbersHaveNoClassesToLose() {
        TestRows rows = new InMemory(new FloatRows(1, new float[] {1, 2}, new float[] {1, 2}, null));
        TrainedModel right = model(NUMBERS, List.of(), MetricValues.ofTraining(0, Double.NaN), 1, 0);
        TrainedModel high = model(NUMBERS, List.of(), MetricValues.ofTraining(0.5, Double.NaN), 1, 1);
        publish(right);
        gates("regression", "champion:rmse+1").requireMet(high, rows);
        UserError error = assertThrows(
                UserError.class, () -> gates("regression", "champion:rmse+0.9").requireMet(high, rows));
        assertTrue(error.getMessage().contains("The test RMSE is 1.0 and that of the published"), error.getMessage());
    }

    @Test
    void aClassWithoutTestRowsCannotBeJudged() {
        TestRows onlyA = new InMemory(numbers(10, 10));
        TrainedModel model = above(50, MetricValues.ofTraining(0.5, 1));
        UserError error = assertThrows(
                UserError.class, () -> gates("classification", "recall:b>=0.5").requireMet(model, onlyA));
        assertEquals(UserError.Kind.GATE_NOT_MET, error.kind());
        assertTrue(
                error.getMessage()
                        .startsWith("The test rows have no recall of class \"b\", expected a number: nothing"),
                error.getMessage());
    }

    @Test
    void aMetricOrClassThatTheNetworkDoesNotHaveIsRefusedBeforeTraining() {
        gates("classification", "accuracy>=0.9,recall:b>=0.5")
                .requireJudgeable(true, NETWORK, List.of("a", "b"), Optional.empty());
        assertRefused(
                "recall:c>=0.5",
                NETWORK,
                List.of("a", "b"),
                "1-2 with softmax output activation, whose classes are a, b");
        assertRefused(
                "auc>=0.5",
                network(1, 3),
                List.of("a", "b", "c"),
                "1-3 with softmax output activation, whose classes are a, b, c");
        assertRefused(
                "accuracy>=0.5", NUMBERS, List.of(), "1-1 with identity output activation, which predicts numbers");
        UserError noTest = assertThrows(UserError.class, () -> gates("classification", "accuracy>=0.9")
                .requireJudgeable(false, NETWORK, List.of("a", "b"), Optional.empty()));
        assertTrue(noTest.getMessage().contains("there are none. Give some (test-data, split)."), noTest.getMessage());
    }

    private void assertRefused(String gate, Network network, List<String> labels, String reason) {
        Gates gates = gates("classification", "loss<=1," + gate);
        UserError error =
                assertThrows(UserError.class, () -> gates.requireJudgeable(true, network, labels, Optional.empty()));
        assertEquals(UserError.Kind.USAGE, error.kind());
        assertTrue(error.getMessage().contains(" of the network " + reason + "."), error.getMessage());
    }

    @Test
    void ofManyClassesOnlyTheFirstAreNamed() {
        List<String> names =
                IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
        publish(model(network(1, 1000), names, MetricValues.ofTraining(1, 0.5), new float[2000]));
        Gates gates = gates("classification", "champion:accuracy-0.1");
        UserError error = assertThrows(
                UserError.class, () -> gates.requireJudgeable(true, NETWORK, List.of("a", "b"), output().published()));
        assertTrue(error.getMessage().contains("in the classes class 0, class 1, "), error.getMessage());
        assertFalse(error.getMessage().contains("class 10,"), error.getMessage());
    }

    @Test
    void aChampionForOtherRowsIsRefusedBeforeTrainingAndBeforePublishing() {
        TrainedModel three =
                model(network(1, 3), List.of("a", "b", "c"), MetricValues.ofTraining(1, 0.5), 0, 1, 2, 0, 0, 0);
        TrainedModel wide = model(network(2, 2), List.of("a", "b"), MetricValues.ofTraining(1, 0.5), 0, 1, 2, 0, 0, 0);
        TrainedModel number = model(NUMBERS, List.of(), MetricValues.ofTraining(1, Double.NaN), 1, 0);
        TrainedModel named = model(NETWORK, List.of("a", "c"), MetricValues.ofTraining(1, 0.5), 0, 1, 0, -50);
        Map<TrainedModel, String> others = Map.of(
                three, "1 values in the classes a, b, c",
                wide, "2 values in the classes a, b",
                named, "1 values in the classes a, c",
                number, "1 values with a number");
        others.forEach((other, rows) -> {
            publish(other);
            Optional<OutputDirectory.Published> published = output().published();
            gates("classification", "accuracy>=0.9").requireJudgeable(true, NETWORK, List.of("a", "b"), published);
            Gates gates = gates("classification", "accuracy>=0,champion:loss+1");
            for (Executable judging : List.<Executable>of(
                    () -> gates.requireJudgeable(true, NETWORK, List.of("a", "b"), published),
                    () -> gates.requireMet(above(50), ROWS))) {
                UserError error = assertThrows(UserError.class, judging);
                assertEquals(UserError.Kind.USAGE, error.kind());
                assertTrue(
                        error.getMessage()
                                .contains("is for rows of " + rows + ", expected 1 values in the classes a, b"),
                        error.getMessage());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "regression, accuracy>=0.9, no accuracy of a model which predicts numbers",
        "regression, champion:recall:7-0.1, no recall of class \"7\" of a model which predicts numbers",
        "classification, rmse<=2, no RMSE of a model which predicts classes"
    })
    void aGateThatNoModelOfTheTaskCanHaveIsRefusedBeforeAnythingIsStarted(String task, String gate, String reason) {
        UserError refusal =
                assertThrows(UserError.class, () -> gates(task, gate).requirePossible());
        assertEquals(UserError.Kind.USAGE, refusal.kind());
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    @Test
    void aLossCanBeThatOfAnyTask() {
        gates("regression", "loss<=1,r2>=0.5").requirePossible();
        gates("classification", "loss<=1,champion:accuracy-0.1").requirePossible();
    }

    /** Numbers of different losses cannot be compared; those of other metrics can. */
    @Test
    void aChampionOfAnotherLossIsRefusedWhereTheLossIsCompared() {
        Network squared = Network.dense(List.of(1, 2), List.of(Activation.SOFTMAX), true, Loss.MSE);
        publish(model(squared, List.of("a", "b"), MetricValues.ofTraining(1, 0.5), 0, 1, 0, -50));
        assertMet("champion:accuracy-0.1,champion:log-loss+0.1,loss<=1", above(50));
        assertIncomparable(
                "champion:accuracy-0.1,champion:loss+0.1",
                "was trained with the loss mse, expected cross-entropy as in this run");
    }

    private void assertIncomparable(String gate, String reason) {
        Gates gates = gates("classification", gate);
        for (Executable judging : List.<Executable>of(
                () -> gates.requireJudgeable(true, NETWORK, List.of("a", "b"), output().published()),
                () -> gates.requireMet(above(50), ROWS))) {
            UserError error = assertThrows(UserError.class, judging);
            assertEquals(UserError.Kind.USAGE, error.kind());
            assertTrue(error.getMessage().contains(reason), error.getMessage());
        }
    }
}
