package io.treegrad.testing;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.TreeSum;
import java.util.function.Function;

/**
 * Evaluates parameters on rows in memory, each shard as one block, the shards joined in their tree.
 *
 * @param plan of the rows that are evaluated
 */
public record LocalEvaluation(Network network, ShardPlan plan, Rows rows, Scaling scaling)
        implements Function<float[], EvaluationSum> {
    @Override
    public EvaluationSum apply(float[] theta) {
        TreeSum<EvaluationSum> tree = new TreeSum<>(plan.shards());
        for (int shard = 0; shard < plan.shards(); shard++) {
            int first = (int) plan.first(shard);
            int count = (int) plan.count(shard);
            Batch batch = rows.newBatch(count);
            for (int i = 0; i < count; i++) {
                rows.addTo(batch, first + i, scaling);
            }
            EvaluationSum sum = new EvaluationSum(network);
            new Backpropagation(network, count).evaluate(theta, batch, sum);
            tree.put(shard, sum);
        }
        return tree.total();
    }
}
