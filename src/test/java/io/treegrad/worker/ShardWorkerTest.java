package io.treegrad.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.treegrad.data.CovarianceSums;
import io.treegrad.data.FloatRows;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.TreeSum;
import io.treegrad.spark.Trial;
import io.treegrad.testing.LocalGradientSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More rows in a shard than are evaluated at once, which are 512. */
class ShardWorkerTest {
    private static final int COUNT = 1300;
    private static final Network NETWORK =
            Network.dense(List.of(2, 3), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
    private static final WorkSpec SPEC = new WorkSpec(NETWORK, Scaling.none(), new StepPlan(COUNT, 1, COUNT, 1));
    private static final float[] THETA = {0.5f, -1, 2, 1.5f, 0.25f, -0.5f, 0.1f, 0, -0.1f};

    private static Rows rows;
    private static PartitionShards shards;

    @BeforeAll
    static void makeRows() throws IOException {
        Random random = new Random(3);
        float[] values = new float[2 * COUNT];
        int[] labels = new int[COUNT];
        for (int row = 0; row < COUNT; row++) {
            values[2 * row] = (float) random.nextGaussian();
            values[2 * row + 1] = (float) (1 + random.nextGaussian() / 2);
            labels[row] = random.nextInt(3);
        }
        rows = new FloatRows(2, values, labels);
        ShardedPart all =
                new ShardedPart(new SyntheticDigits(1, 0, COUNT), RowSet.range(0, COUNT), new ShardPlan(COUNT, 1));
        shards = PartitionShards.read(new ShardAssignment(Map.of(Part.TRAIN, all), 1), 0, (source, wanted) -> rows);
    }

    @Test
    void anEvaluationTakesAllBlocksOfAShard() {
        EvaluationSum expected = new EvaluationSum(NETWORK);
        for (int[] block : new int[][] {{0, 512}, {512, 1024}, {1024, COUNT}}) {
            Batch batch = rows.newBatch(512);
            for (int row = block[0]; row < block[1]; row++) {
                rows.addTo(batch, row, Scaling.none());
            }
            new Backpropagation(NETWORK, 512).evaluate(THETA, batch, expected);
        }
        EvaluationSum sum =
                new ShardWorker(SPEC, shards).evaluate(THETA, Part.TRAIN, 1).total();
        assertEquals(expected.lossSum(), sum.lossSum());
        assertEquals(COUNT, sum.rows());
        for (int label = 0; label < 3; label++) {
            for (int predicted = 0; predicted < 3; predicted++) {
                assertEquals(expected.confusion(label, predicted), sum.confusion(label, predicted));
            }
        }
    }

    @Test
    void outputsAreThoseOfAllRowsInTheirOrder() {
        Batch batch = rows.newBatch(COUNT);
        for (int row = 0; row < COUNT; row++) {
            rows.addTo(batch, row, Scaling.none());
        }
        assertArrayEquals(
                new Backpropagation(NETWORK, COUNT).forward(THETA, batch),
                new ShardWorker(SPEC, shards).outputs(THETA, Part.TRAIN));
    }

    @Test
    void covarianceIsThatOfAllRows() {
        double[] mean = new double[2];
        double[] products = new double[4];
        for (int row = 0; row < COUNT; row++) {
            for (int i = 0; i < 2; i++) {
                mean[i] += rows.value(row, i) / (double) COUNT;
                for (int j = 0; j < 2; j++) {
                    products[2 * i + j] += rows.value(row, i) * (double) rows.value(row, j) / COUNT;
                }
            }
        }
        CovarianceSums sums = new ShardWorker(SPEC, shards).covariance(1).total();
        assertArrayEquals(mean, sums.mean(), 1e-6);
        for (int i = 0; i < 4; i++) {
            assertEquals(products[i] - mean[i / 2] * mean[i % 2], sums.covariance()[i], 1e-5);
        }
    }

    @Test
    void sumsAreOverwrittenUnlessTheyAreForgotten() {
        ShardWorker worker = new ShardWorker(SPEC, shards);
        GradientSum first = worker.gradient(THETA, 0).total();
        float[] before = first.gradient().clone();
        float[] other = new float[THETA.length];
        assertSame(first, worker.gradient(other, 0).total());
        worker.forgetSums();
        float[] kept = first.gradient().clone();
        assertNotSame(first, worker.gradient(THETA, 0).total());
        assertArrayEquals(kept, first.gradient());
        assertArrayEquals(before, worker.gradient(THETA, 0).total().gradient());
    }

    @Test
    void anIdleWorkerIsUsedAgainForTheSameWorkOnly() {
        CachedPartition partition = new CachedPartition(shards);
        ShardWorker worker = partition.borrow(SPEC);
        assertNotSame(worker, partition.borrow(SPEC), "it is not idle");
        partition.giveBack(worker);
        assertSame(worker, partition.borrow(new WorkSpec(NETWORK, Scaling.none(), SPEC.steps())));
        partition.giveBack(worker);
        assertNotSame(worker, partition.borrow(new WorkSpec(NETWORK, Scaling.unit(), SPEC.steps())));
    }

    /** 4 · 1400 · 784 inputs are more than are prepared ahead; those of a shard then take the place of the ones before. */
    @Test
    void shardsThatTakeMuchMemoryAreFilledOneAfterTheOther() throws IOException {
        RowSource digits = new SyntheticDigits(1, 0, 5600);
        StepPlan steps = new StepPlan(5600, 4, 5600, 1);
        ShardedPart train = new ShardedPart(digits, RowSet.range(0, 5600), steps.shardPlan());
        ShardWorker worker = new ShardWorker(
                Trial.spec(steps),
                PartitionShards.read(
                        new ShardAssignment(Map.of(Part.TRAIN, train), 1),
                        0,
                        (source, wanted) -> source.read(wanted, new LocalStorage())));
        float[] theta = Trial.synthetic(5600, 4, 5600, 1, 1).start();
        worker.gradient(theta, 0);
        worker.prepare(1);
        TreeSum<GradientSum> sum = worker.gradient(theta, 1);
        GradientSum expected = new LocalGradientSource(
                        Trial.NETWORK, steps, digits.read(RowSet.range(0, 5600), new LocalStorage()), Scaling.unit())
                .sumAt(theta, 1);
        assertArrayEquals(expected.gradient(), sum.total().gradient());
    }
}
