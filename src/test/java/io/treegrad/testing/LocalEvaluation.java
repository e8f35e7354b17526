package io.treegrad.testing;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.Blas;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.TreeSum;
import java.util.function.Function;

/**
 * Evaluates parameters on rows in memory, each shard as one block, the shards joined in their tree.
 *
 * @param plan of the rows that are evaluated
 */
public record LocalEvaluation(Network network, Blas blas, ShardPlan plan, Rows rows, Scaling scaling)
        implements Function<float[], EvaluationSum> {
    @Override
    public EvaluationSum apply(float[] theta) {
        TreeSum<EvaluationSum> tree = new TreeSum<>(plan.shards());
        for (int shard = 0; shard < plan.shards(); shard++) {
            int first = (int) plan.first(shard);
            int count = (int) plan.count(shard);
            Batch batch = new Batch(count, network.features());
            batch.setRows(count);
            for (int i = 0; i < count; i++) {
                rows.scaleInto(first + i, scaling, batch.inputs(), i * network.features());
                batch.labels()[i] = rows.label(first + i);
            }
            EvaluationSum sum = new EvaluationSum(network);
            new Backpropagation(network, blas, count).evaluate(theta, batch, sum);
            tree.put(shard, sum);
        }
        return tree.total();
    }
}
