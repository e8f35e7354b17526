package io.treegrad.worker;

import io.treegrad.common.Failpoint;
import io.treegrad.data.CovarianceSums;
import io.treegrad.data.Part;
import io.treegrad.data.Rows;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.DenseBatch;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Network;
import io.treegrad.network.TreeSum;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Computes on the rows of one partition. Owns every buffer that this takes and reuses it from step to step; for one
 * thread at a time.
 */
public final class ShardWorker {
    /** Rows of one forward pass of an evaluation; a constant, since it takes part in the order of additions. */
    private static final int EVALUATION_BLOCK = 512;
    /** Inputs prepared ahead of their step take at most this many floats, else one block is filled again and again. */
    private static final long PREPARED_FLOATS = 4L << 20;
    /** Rows that are fetched at once: few enough to be in the first cache still when they are added. */
    private static final int FETCHED_ROWS = 16;

    private final WorkSpec spec;
    private final Network network;
    private final PartitionShards rows;
    private final List<PartitionShards.Shard> trained;

    private Backpropagation backpropagation;
    private int backpropagationRows;
    /** By the rows that they are for. */
    private final IdentityHashMap<Rows, Batch> evaluatedBatches = new IdentityHashMap<>();

    /** Visiting order of each trained shard in {@link #orderedEpoch}. */
    private final int[][] orders;

    private long orderedEpoch = -1;
    /** One block a trained shard, or a single one for all where they would take too much memory. */
    private Batch[] batches;
    /** The step whose rows the blocks hold; -1 for none. */
    private long preparedStep = -1;

    /** Kept for {@link Rows#fetch} alone. */
    @SuppressWarnings("UnusedVariable")
    private long fetchedBytes;

    /** All gradient sums of this worker: about two more than the depth of its part of the tree. */
    private final List<GradientSum> ownSums = new ArrayList<>();
    /** Those of them that hold nothing of the current step. */
    private final ArrayDeque<GradientSum> freeSums = new ArrayDeque<>();

    public ShardWorker(WorkSpec spec, PartitionShards rows) {
        this.spec = spec;
        this.network = spec.network();
        this.rows = rows;
        this.trained = rows.of(Part.TRAIN);
        this.orders = new int[trained.size()][];
    }

    boolean isFor(WorkSpec other) {
        return spec.equals(other);
    }

    /**
     * The gradients of this partition's shards at the rows of {@code step}, in buffers that the next call overwrites
     * unless {@link #forgetSums} was called: until then nobody else may change or keep them.
     */
    public TreeSum<GradientSum> gradient(float[] theta, long step) {
        freeSums.clear();
        freeSums.addAll(ownSums);
        TreeSum<GradientSum> sum = new TreeSum<>(spec.steps().shards());
        for (int i = 0; i < trained.size(); i++) {
            if (preparedStep != step) {
                fill(i, step);
            }
            Batch batch = batches[i % batches.length];
            GradientSum gradient = freeSum();
            backpropagation(batch.capacity()).gradient(theta, batch, gradient);
            Failpoint.reach("gradient", step);
            sum.put(trained.get(i).shard(), gradient, freeSums::push);
        }
        preparedStep = -1;
        return sum;
    }

    private GradientSum freeSum() {
        if (freeSums.isEmpty()) {
            ownSums.add(new GradientSum(network.parameterCount()));
            return ownSums.get(ownSums.size() - 1);
        }
        return freeSums.pop();
    }

    /** Leaves the sums returned last to their reader for good. */
    public void forgetSums() {
        ownSums.clear();
    }

    /** Scales the rows of a step ahead of time, where there is memory to. */
    public void prepare(long step) {
        if (preparedStep == step || batches == null || batches.length < trained.size()) {
            return;
        }
        for (int i = 0; i < trained.size(); i++) {
            fill(i, step);
        }
        preparedStep = step;
    }

    private void fill(int i, long step) {
        StepPlan steps = spec.steps();
        PartitionShards.Shard shard = trained.get(i);
        long epoch = steps.epochOf(step);
        if (epoch != orderedEpoch) {
            for (int other = 0; other < trained.size(); other++) {
                if (orders[other] == null) {
                    orders[other] = new int[trained.get(other).count()];
                }
                steps.fillOrder(trained.get(other).shard(), epoch, orders[other]);
            }
            orderedEpoch = epoch;
        }
        if (batches == null) {
            batches = allocateBatches();
        }
        Batch batch = batches[i % batches.length];
        int first = steps.firstPosition(shard.shard(), steps.stepInEpoch(step));
        int end = steps.endPosition(shard.shard(), steps.stepInEpoch(step));
        batch.clear();
        for (int position = first; position < end; position += FETCHED_ROWS) {
            int stop = Math.min(end, position + FETCHED_ROWS);
            for (int fetched = position; fetched < stop; fetched++) {
                fetchedBytes += shard.rows().fetch(shard.position(orders[i][fetched]));
            }
            for (int added = position; added < stop; added++) {
                addRow(shard, orders[i][added], batch);
            }
        }
        batch.prepareGradient();
    }

    private Batch[] allocateBatches() {
        long capacity = 1;
        for (PartitionShards.Shard shard : trained) {
            capacity =
                    Math.max(capacity, ceilingDivide(shard.count(), spec.steps().stepsPerEpoch()));
        }
        boolean ahead = capacity * network.features() * trained.size() <= PREPARED_FLOATS;
        Batch[] allocated = new Batch[ahead ? trained.size() : 1];
        for (int i = 0; i < allocated.length; i++) {
            allocated[i] = trained.get(i).rows().newBatch((int) capacity);
        }
        return allocated;
    }

    private static long ceilingDivide(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private void addRow(PartitionShards.Shard shard, int index, Batch batch) {
        shard.rows().addTo(batch, shard.position(index), spec.scaling());
    }

    /**
     * What this partition's shards contribute to an evaluation of a part, each shard in ascending blocks of rows.
     *
     * @param shards number of shards of the whole part
     */
    public TreeSum<EvaluationSum> evaluate(float[] theta, Part part, int shards) {
        TreeSum<EvaluationSum> sum = new TreeSum<>(shards);
        for (PartitionShards.Shard shard : rows.of(part)) {
            EvaluationSum shardSum = new EvaluationSum(network);
            forEachBlock(shard, block -> backpropagation(EVALUATION_BLOCK).evaluate(theta, block, shardSum));
            sum.put(shard.shard(), shardSum);
        }
        return sum;
    }

    /** Outputs {@code a_L [rows × n_L]} of this partition's rows of a part, in their order. */
    public float[] outputs(float[] theta, Part part) {
        int count = 0;
        for (PartitionShards.Shard shard : rows.of(part)) {
            count += shard.count();
        }
        FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(count, network.outputs()));
        for (PartitionShards.Shard shard : rows.of(part)) {
            forEachBlock(shard, block -> {
                float[] outputs = backpropagation(EVALUATION_BLOCK).forward(theta, block);
                all.put(outputs, 0, block.rows() * network.outputs());
            });
        }
        return all.array();
    }

    /** Sums for the covariance of the scaled training rows. */
    public TreeSum<CovarianceSums> covariance(int shards) {
        TreeSum<CovarianceSums> sum = new TreeSum<>(shards);
        float[] scratch = new float[network.features() * network.features()];
        for (PartitionShards.Shard shard : trained) {
            CovarianceSums sums = new CovarianceSums(network.features());
            addTo(sums, shard, scratch);
            sum.put(shard.shard(), sums);
        }
        return sum;
    }

    private void addTo(CovarianceSums sums, PartitionShards.Shard shard, float[] scratch) {
        int features = network.features();
        DenseBatch block = new DenseBatch(EVALUATION_BLOCK, features);
        for (int first = 0; first < shard.count(); first += EVALUATION_BLOCK) {
            int count = Math.min(EVALUATION_BLOCK, shard.count() - first);
            for (int row = 0; row < count; row++) {
                shard.rows().scaleInto(shard.position(first + row), spec.scaling(), block.inputs(), row * features);
            }
            block.setRows(count);
            sums.add(block, scratch);
        }
    }

    private void forEachBlock(PartitionShards.Shard shard, Consumer<Batch> consumer) {
        Batch evaluated = evaluatedBatches.computeIfAbsent(shard.rows(), rows -> rows.newBatch(EVALUATION_BLOCK));
        for (int first = 0; first < shard.count(); first += EVALUATION_BLOCK) {
            int count = Math.min(EVALUATION_BLOCK, shard.count() - first);
            evaluated.clear();
            for (int row = 0; row < count; row++) {
                addRow(shard, first + row, evaluated);
            }
            consumer.accept(evaluated);
        }
    }

    private Backpropagation backpropagation(int rowsNeeded) {
        if (backpropagation == null || backpropagationRows < rowsNeeded) {
            backpropagationRows = rowsNeeded;
            backpropagation = new Backpropagation(network, rowsNeeded);
        }
        return backpropagation;
    }
}
