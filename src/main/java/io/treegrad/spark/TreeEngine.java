package io.treegrad.spark;

import io.treegrad.common.Failpoint;
import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import io.treegrad.worker.CachedPartition;
import io.treegrad.worker.ShardWorker;
import io.treegrad.worker.WorkSpec;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * One Spark job a step: parameters go out as a broadcast, sums come back through {@code treeAggregate}. Survives whatever
 * Spark's task retry survives, and works with dynamic allocation.
 *
 * <p>{@code treeAggregate} merges in the order in which tasks finish; {@link TreeSum} joins only siblings, so the result
 * does not depend on it. Rows and losses travel in the aggregate, never in accumulators, which count retried tasks twice.
 */
public final class TreeEngine implements StepEngine {
    private static final long NO_STEP = -1;

    private final DistributedRows rows;
    private final WorkSpec spec;
    private final int depth;

    /** @param depth of {@code treeAggregate}; its tree level exists from six partitions at depth 2 */
    public TreeEngine(DistributedRows rows, WorkSpec spec, int depth) {
        this.rows = rows;
        this.spec = spec;
        this.depth = depth;
        rows.cluster().fitBroadcastBlocks((long) spec.network().parameterCount() * Float.BYTES);
    }

    @Override
    public GradientSum sumAt(float[] theta, long step) {
        WorkSpec work = spec;
        return sum("Gradient of step " + step, theta, step, spec.steps().shards(), parameters -> (sum, partition) -> {
            ShardWorker worker = partition.borrow(work);
            sum.merge(worker.gradient(parameters.value(), step));
            worker.forgetSums(); // Spark serialises the result after this function has returned
            partition.giveBack(worker);
            return sum;
        });
    }

    @Override
    public EvaluationSum evaluate(float[] theta, Part part) {
        WorkSpec work = spec;
        int shards = rows.shards(part);
        return sum(
                "Evaluation of the " + part.label() + " rows",
                theta,
                NO_STEP,
                shards,
                parameters -> (sum, partition) -> {
                    ShardWorker worker = partition.borrow(work);
                    sum.merge(worker.evaluate(parameters.value(), part, shards));
                    partition.giveBack(worker);
                    return sum;
                });
    }

    /** What a task adds to the sum it holds; made from the broadcast parameters on the driver. */
    private interface Contribution<T extends Sum<T>> {
        Function2<TreeSum<T>, CachedPartition, TreeSum<T>> of(Broadcast<float[]> parameters);
    }

    private <T extends Sum<T>> T sum(String what, float[] theta, long step, int leaves, Contribution<T> contribution) {
        rows.cluster().free(); // the parameters of the step before, or there would be two on each executor
        Broadcast<float[]> parameters = rows.context().broadcast(theta);
        try {
            return rows.cluster().run(what, () -> rows.rdd()
                    .treeAggregate(
                            new TreeSum<T>(leaves),
                            contribution.of(parameters),
                            (left, right) -> {
                                Failpoint.reach("combine", step);
                                left.merge(right);
                                return left;
                            },
                            depth)
                    .total());
        } finally {
            rows.cluster().freeBeforeNextJob(parameters::destroy);
        }
    }

    @Override
    public String name() {
        return "tree";
    }

    @Override
    public void close() {}
}
