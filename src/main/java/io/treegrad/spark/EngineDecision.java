package io.treegrad.spark;

import io.treegrad.data.StepPlan;
import io.treegrad.network.Network;
import io.treegrad.spark.exchange.CostModel;
import io.treegrad.spark.exchange.ExchangeChoice;
import io.treegrad.spark.exchange.RpcLimit;
import io.treegrad.worker.WorkSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Which step engine runs, and why.
 *
 * @param engine {@code TREE} or {@code RESIDENT}
 * @param reason one clause for the log
 */
public record EngineDecision(EngineChoice engine, String reason) {
    /** How long the resident engine waits at least for its tasks to start, and for an answer, before it starts them again. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Decides between the engines: {@code resident} where every task can run at once and stays where it is.
     *
     * @param partitions tasks that must run at once
     * @param slots tasks that can
     */
    public static EngineDecision of(Cluster cluster, EngineChoice choice, int partitions, int slots, long parameters) {
        JavaSparkContext context = cluster.context();
        if (!cluster.hasResidentPlugin()) {
            return new EngineDecision(
                    EngineChoice.TREE,
                    "because spark.plugins of this application lacks " + ResidentPlugin.class.getName());
        }
        return of(context.getConf(), context.isLocal(), choice, partitions, slots, parameters);
    }

    static EngineDecision of(
            SparkConf conf, boolean isLocal, EngineChoice choice, int partitions, int slots, long parameters) {
        if (choice == EngineChoice.TREE) {
            return new EngineDecision(EngineChoice.TREE, "as asked");
        }
        Optional<String> obstacle = obstacle(conf, isLocal, partitions, slots, parameters);
        if (obstacle.isPresent()) {
            return new EngineDecision(EngineChoice.TREE, "because " + obstacle.get());
        }
        String reason = choice == EngineChoice.RESIDENT
                ? "as asked"
                : "because all %d tasks can run at once and stay".formatted(partitions);
        return new EngineDecision(EngineChoice.RESIDENT, reason);
    }

    /** Why resident tasks are impossible. */
    private static Optional<String> obstacle(
            SparkConf conf, boolean isLocal, int partitions, int slots, long parameters) {
        if (partitions > slots) {
            return Optional.of(
                    "%d partitions need as many cores at once and there are %d".formatted(partitions, slots));
        }
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            return Optional.of("spark.dynamicAllocation.enabled is true, so executors may leave between steps");
        }
        return isLocal || ExchangeChoice.of(conf) != ExchangeChoice.RPC
                ? Optional.empty()
                : RpcLimit.obstacle(conf, parameters);
    }

    /**
     * The number of partitions if the user gives none: for the tree engine as many as can run at once, for the resident one
     * as many as make a step shorter.
     *
     * @param fits whether so many executors can keep all rows in memory
     */
    public static int partitions(
            Cluster cluster, EngineChoice choice, int slots, Network network, StepPlan steps, IntPredicate fits) {
        int all = Math.min(steps.shards(), slots);
        if (of(cluster, choice, all, slots, network.parameterCount()).engine == EngineChoice.TREE) {
            return all;
        }
        return CostModel.typical(network)
                .best(
                        Math.min(steps.batchSize(), steps.rows()),
                        network.parameterCount(),
                        cluster.layout(slots),
                        steps.shards(),
                        fits)
                .tasks();
    }

    public StepEngine open(DistributedRows rows, WorkSpec spec, int treeDepth) {
        return open(engine, rows, spec, treeDepth);
    }

    /** @param engine {@code TREE} or {@code RESIDENT} */
    public static StepEngine open(EngineChoice engine, DistributedRows rows, WorkSpec spec, int treeDepth) {
        return switch (engine) {
            case TREE -> new TreeEngine(rows, spec, treeDepth);
            case RESIDENT -> new ResidentEngine(rows, spec, PATIENCE);
            case AUTO -> throw new IllegalArgumentException("auto is a choice, expected the engine decided for");
        };
    }

    @Override
    public String toString() {
        return engine.label() + ", " + reason;
    }
}
