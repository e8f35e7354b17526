package io.treegrad.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.data.CovarianceSums;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowCounts;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ScalingMethod;
import io.treegrad.data.Shape;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.model.Models;
import io.treegrad.model.PredictionColumns;
import io.treegrad.model.PredictionFormat;
import io.treegrad.model.PredictionTable;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.SpreadSum;
import io.treegrad.worker.WorkSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found of rows where they lie, in one process, against what is reckoned without Spark. */
class DistributedRowsIT {
    /** Row i has the values i, 10 and −i/2, and the class i mod 3. */
    private static final int ROWS = 12;

    private static final Shape SHAPE = new Shape(1, 3);

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start("rows", new SparkConf().setMaster("local[2]"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static List<LabeledRow> rows() {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> new LabeledRow(i % 3, i, 10, -i / 2f))
                .toList();
    }

    private static RddRows ofRdd(int partitions) {
        return RddRows.ofClasses(cluster.context().parallelize(rows(), partitions));
    }

    /** The first eight rows to train on, in four shards, and the rest to test on. */
    private static Map<Part, ShardedPart> parts(RddRows source) {
        return Map.of(
                Part.TRAIN,
                new ShardedPart(source, RowSet.range(0, 8), new ShardPlan(8, 4)),
                Part.TEST,
                ShardedPart.evaluated(source, RowSet.range(8, ROWS)));
    }

    private static DistributedRows distributed(int partitions) {
        return new DistributedRows(cluster, parts(ofRdd(partitions + 2)), partitions, new LocalStorage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void statisticsAreThoseOfTheTrainingRowsInAnyPartitions(int partitions) {
        try (DistributedRows distributed = distributed(partitions)) {
            RowStatistics statistics = new RowStatistics(distributed);
            Scaling scaling = statistics.standardScaling();
            // of 0 … 7 the mean of the squares less the square of the mean is 17.5 - 12.25
            float deviation = (float) Math.sqrt(5.25);
            assertArrayEquals(new float[] {3.5f, 10, -1.75f}, scaling.mean());
            assertArrayEquals(new float[] {deviation, 1, deviation / 2}, scaling.deviation(), 1e-6f);
            assertArrayEquals(new long[] {3, 3, 2}, statistics.rowsOfClass(Part.TRAIN, 3));
            assertArrayEquals(new long[] {1, 1, 2}, statistics.rowsOfClass(Part.TEST, 3));
            assertEquals(ScalingMethod.STANDARD, statistics.trainingRange().method());
            SpreadSum targets = statistics.targetSpread();
            assertEquals(7 / 8.0, targets.mean(), 1e-12);
            assertEquals(8, targets.weight());
            Network network = Network.dense(List.of(3, 3), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
            CovarianceSums covariance =
                    statistics.covariance(new WorkSpec(network, Scaling.none(), new StepPlan(8, 4, 4, 1)));
            assertArrayEquals(new double[] {3.5, 10, -1.75}, covariance.mean(), 1e-12);
            assertArrayEquals(
                    new double[] {5.25, 0, -2.625, 0, 0, 0, -2.625, 0, 1.3125}, covariance.covariance(), 1e-12);
        }
    }

    @Test
    void rowsOfAnRddAreNumberedInTheOrderOfItsPartitions() throws IOException {
        for (int partitions : new int[] {1, 5}) {
            RddRows source = ofRdd(partitions);
            assertEquals(ROWS, source.rows());
            assertEquals(SHAPE, source.shape());
            assertEquals(List.of("0", "1", "2"), source.classNames());
            assertEquals(3, source.classes());
            Rows read = source.read(RowSet.range(4, 7), new LocalStorage());
            assertEquals(3, read.count());
            for (int i = 0; i < 3; i++) {
                assertEquals(4 + i, read.value(i, 0));
                assertEquals(-(4 + i) / 2f, read.value(i, 2));
                assertEquals((4 + i) % 3, read.label(i));
            }
            assertArrayEquals(IntStream.range(0, ROWS).map(i -> i % 3).toArray(), source.labels(new LocalStorage()));
            assertEquals("an RDD of 12 rows of " + SHAPE, source.describe());
        }
        RddRows numbers = RddRows.ofNumbers(cluster.context().parallelize(rows(), 2));
        assertEquals(0, numbers.classes());
        assertArrayEquals(new int[ROWS], numbers.labels(new LocalStorage()));
        assertEquals(
                List.of("a", "b", "c"),
                RddRows.ofClasses(cluster.context().parallelize(rows(), 2), List.of("a", "b", "c"))
                        .classNames());
    }

    /** As one that reads a table of which rows have been deleted. */
    private static final List<LabeledRow> TABLE = new ArrayList<>();

    @Test
    void anRddThatHasLostRowsIsRefused() {
        TABLE.clear();
        TABLE.addAll(rows());
        JavaRDD<LabeledRow> table = cluster.context().parallelize(List.of(0), 1).flatMap(once -> TABLE.iterator());
        RddRows source = RddRows.ofClasses(table);
        TABLE.remove(3);
        try (DistributedRows rows = new DistributedRows(cluster, parts(source), 1, new LocalStorage())) {
            UserError refused = assertThrows(UserError.class, rows::load);
            assertEquals(UserError.Kind.BAD_DATA, refused.kind());
            assertEquals(
                    "an RDD of 12 rows of " + SHAPE
                            + ": found 11 rows where there were 12, expected the same whenever it"
                            + " is computed; cache or checkpoint it.",
                    refused.getMessage());
        }
    }

    @Test
    void theSurveyIsTheSameInAnyPartitions() {
        List<String> surveys = new ArrayList<>();
        for (int partitions : new int[] {1, 3}) {
            try (DistributedRows distributed = distributed(partitions)) {
                DataSurvey survey = DataSurvey.load(distributed, SHAPE, 3);
                assertArrayEquals(new long[] {3, 3, 2}, survey.rowsOfClass(Part.TRAIN));
                assertArrayEquals(new long[] {1, 1, 2}, survey.rowsOfClass(Part.TEST));
                assertArrayEquals(new long[3], survey.rowsOfClass(Part.VALIDATION));
                assertEquals(4, survey.comparedTestRows());
                assertEquals(0, survey.duplicates());
                RowCounts counts = survey.counts(Optional.empty());
                assertArrayEquals(new long[] {3, 3, 2}, counts.rowsOfClass(), "so few rows are all brought");
                assertArrayEquals(new long[] {7, 8, 7}, counts.nonZero());
                assertArrayEquals(new float[] {0, 10, -3.5f}, counts.least());
                assertArrayEquals(new float[] {7, 10, 0}, counts.greatest());
                assertEquals(Set.of(Part.TRAIN, Part.TEST), survey.rowsSha256().keySet());
                surveys.add(survey.rowsSha256().toString());
            }
        }
        assertEquals(surveys.get(0), surveys.get(1));
    }

    @Test
    void testRowsThatWereTrainedOnAreFound() {
        Map<Part, ShardedPart> ofDigits = Map.of(
                Part.TRAIN,
                new ShardedPart(new SyntheticDigits(1, 0, 20), RowSet.range(2, 20), new ShardPlan(18, 4)),
                Part.TEST,
                ShardedPart.evaluated(new SyntheticDigits(1, 0, 20), RowSet.range(0, 5)));
        try (DistributedRows rows = new DistributedRows(cluster, ofDigits, 3, new LocalStorage())) {
            DataSurvey survey = DataSurvey.load(rows, new Shape(28, 28), 10);
            assertEquals(5, survey.comparedTestRows());
            assertEquals(3, survey.duplicates());
        }
    }

    /** Of more rows than a forward pass takes, the class 1 for all that are not 0 in the middle. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void eachRowIsPredictedOnceInItsOrder(int partitions) throws IOException {
        SyntheticDigits digits = new SyntheticDigits(1, 0, 1100);
        float[] parameters = new float[2 * 784 + 2];
        int middle = 14 * 28 + 14;
        parameters[2 * middle + 1] = 1;
        parameters[2 * 784] = 0.5f;
        TrainedModel model = Models.of(784, parameters, Scaling.none(), List.of("dark", "light"));
        PredictionTable table = new PredictionTable(
                PredictionFormat.CSV, PredictionColumns.parse("row,label").orElseThrow(), model);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Predictions.Outcome outcome = Predictions.of(cluster, digits, 1099, Optional.of(partitions), model, table, 0)
                .writeTo(out);
        assertEquals(new Predictions.Outcome(1099, 0, List.of()), outcome);
        Rows rows = digits.read(RowSet.range(0, 1100), new LocalStorage());
        List<String> expected = new ArrayList<>(List.of("row,label"));
        for (int row = 0; row < 1099; row++) {
            expected.add(row + (rows.value(row, middle) > 0 ? ",light" : ",dark"));
        }
        assertLinesMatch(expected, out.toString(UTF_8).lines().toList());
    }
}
