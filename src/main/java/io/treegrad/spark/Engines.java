package io.treegrad.spark;

import java.time.Duration;
import org.apache.spark.SparkConf;

/** Picks the step engine. */
public final class Engines {
    /** What {@code --engine} asks for. */
    public enum Choice {
        AUTO,
        TREE,
        RESIDENT
    }

    private static final long MEBIBYTE = 1 << 20;
    private static final int RPC_MEBIBYTES = 128;

    /**
     * A decision in words.
     *
     * @param resident whether the resident engine was chosen
     * @param reason one sentence for the log
     */
    public record Decision(boolean resident, String reason) {}

    private Engines() {}

    /**
     * Decides between the engines: {@code resident} where every task can run at once and stays where it is.
     *
     * @param partitions tasks that must run at once
     * @param slots tasks that can
     */
    public static Decision decide(Cluster cluster, Choice choice, int partitions, int slots, long parameters) {
        if (choice == Choice.TREE) {
            return new Decision(false, "tree, as asked");
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
            return new Decision(false, "tree, because " + obstacle);
        }
        return new Decision(
                true,
                choice == Choice.RESIDENT
                        ? "resident, as asked"
                        : "resident, because all %d tasks can run at once and stay".formatted(partitions));
    }

    public static StepEngine open(
            Decision decision, DistributedRows rows, WorkSpec spec, int treeDepth, Duration patience) {
        return decision.resident() ? new ResidentEngine(rows, spec, patience) : new TreeEngine(rows, spec, treeDepth);
    }
}
