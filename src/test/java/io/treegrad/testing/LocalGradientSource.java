package io.treegrad.testing;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Network;
import io.treegrad.network.TreeSum;
import io.treegrad.training.GradientSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The oracle: one thread, one shard after the other, and but for the passes everything allocated anew. With the same plan,
 * rows and scaling, each engine must return the same bits as this.
 */
public final class LocalGradientSource implements GradientSource {
    private final Network network;
    private final StepPlan plan;
    private final Rows rows;
    private final Scaling scaling;
    /** By how many rows they take: one has a megabyte of scratch, which would take longer to clear than a small step. */
    private final Map<Integer, Backpropagation> passes = new HashMap<>();

    /** @param rows all training rows, in order: {@code plan.rows()} of them */
    public LocalGradientSource(Network network, StepPlan plan, Rows rows, Scaling scaling) {
        if (rows.count() != plan.rows() || rows.features() != network.features()) {
            throw new IllegalArgumentException(rows.count() + " rows of " + rows.features() + " features for " + plan
                    + " and a network of " + network.features() + " features");
        }
        this.network = network;
        this.plan = plan;
        this.rows = rows;
        this.scaling = scaling;
    }

    @Override
    public GradientSum sumAt(float[] theta, long step) {
        long inEpoch = plan.stepInEpoch(step);
        TreeSum<GradientSum> tree = new TreeSum<>(plan.shards());
        for (int shard = 0; shard < plan.shards(); shard++) {
            int[] order = plan.order(shard, plan.epochOf(step));
            int first = plan.firstPosition(shard, inEpoch);
            int end = plan.endPosition(shard, inEpoch);
            Batch batch = rows.newBatch(end - first);
            for (int i = 0; i < end - first; i++) {
                int row = (int) plan.shardPlan().first(shard) + order[first + i];
                rows.addTo(batch, row, scaling);
            }
            GradientSum sum = new GradientSum(network.parameterCount());
            passes.computeIfAbsent(end - first, size -> new Backpropagation(network, size))
                    .gradient(theta, batch, sum);
            tree.put(shard, sum);
        }
        return tree.total();
    }
}
