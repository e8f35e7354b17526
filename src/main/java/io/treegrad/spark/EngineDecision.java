package io.treegrad.spark;

import java.time.Duration;
import org.apache.spark.SparkConf;

/**
 * Which step engine runs, and why.
 *
 * @param engine {@code TREE} or {@code RESIDENT}
 * @param reason one clause for the log
 */
public record EngineDecision(EngineChoice engine, String reason) {
    private static final long MEBIBYTE = 1 << 20;
    private static final int RPC_MEBIBYTES = 128;

    /** How long the resident engine waits at least for its tasks to start, and for an answer, before it starts them again. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Decides between the engines: {@code resident} where every task can run at once and stays where it is.
     *
     * @param partitions tasks that must run at once
     * @param slots tasks that can
     */
    public static EngineDecision of(Cluster cluster, EngineChoice choice, int partitions, int slots, long parameters) {
        if (choice == EngineChoice.TREE) {
            return new EngineDecision(EngineChoice.TREE, "as asked");
        }
        SparkConf conf = cluster.context().getConf();
        long messageLimit = conf.getInt("spark.rpc.message.maxSize", RPC_MEBIBYTES) * MEBIBYTE;
        String obstacle = null;
        if (partitions > slots) {
            obstacle = "%d partitions need as many cores at once and there are %d".formatted(partitions, slots);
        } else if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            obstacle = "spark.dynamicAllocation.enabled is true, so executors may leave between steps";
        } else if (!cluster.context().isLocal() && parameters * Float.BYTES > messageLimit / 2) {
            obstacle = "%d parameters do not fit into a message of spark.rpc.message.maxSize %d MiB"
                    .formatted(parameters, messageLimit / MEBIBYTE);
        }
        if (obstacle != null) {
            return new EngineDecision(EngineChoice.TREE, "because " + obstacle);
        }
        String reason = choice == EngineChoice.RESIDENT
                ? "as asked"
                : "because all %d tasks can run at once and stay".formatted(partitions);
        return new EngineDecision(EngineChoice.RESIDENT, reason);
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
