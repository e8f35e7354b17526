package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Layer;
import io.treegrad.network.Network;
import io.treegrad.spark.ClusterMemory;
import java.util.Map;

/**
 * What a training needs of the memory of its processes, from the sizes of its network and data. It is a lower bound: no
 * run is refused that could succeed, and few that run out of memory are not.
 */
final class MemoryNeed {
    /** Rows of a block that is evaluated. */
    private static final long EVALUATED_ROWS = 512;

    private static final long MEBIBYTE = 1 << 20;

    /** What Spark takes from each heap first, and which share of the rest blocks keep whatever tasks need. */
    private static final long RESERVED_BYTES = 300 * MEBIBYTE;

    private static final double SHARE_OF_STORED_BLOCKS = 0.3;

    private final Network network;
    private final Map<Part, ShardedPart> parts;
    private final StepPlan steps;
    private final long driverVectors;

    /**
     * @param stateVectors of the optimizer
     * @param saves whether checkpoints are saved, from a copy of the state
     */
    MemoryNeed(Network network, Map<Part, ShardedPart> parts, StepPlan steps, int stateVectors, boolean saves) {
        this.network = network;
        this.parts = parts;
        this.steps = steps;
        // parameters, optimizer state, gradient sum, the best parameters so far, and the copy for a checkpoint
        this.driverVectors =
                2L + stateVectors + (parts.containsKey(Part.VALIDATION) ? 1 : 0) + (saves ? 1 + stateVectors : 0);
    }

    /** Of parameters, state and counts on the driver, in bytes. */
    long driverBytes() {
        return driverVectors * vectorBytes() + countBytes();
    }

    /** Of a task for its buffers, in bytes: rows that find no room stay on disk. */
    long taskBytes() {
        return vectorBytes() + countBytes() + bufferBytes();
    }

    private long vectorBytes() {
        return (long) network.parameterCount() * Float.BYTES;
    }

    /** The table of labels by predictions. */
    private long countBytes() {
        return (long) network.classes() * network.classes() * Long.BYTES;
    }

    private long bufferBytes() {
        long largestShard = (steps.rows() + steps.shards() - 1) / steps.shards();
        long rows = Math.max(Math.min(EVALUATED_ROWS, steps.rows()), largestShard / steps.stepsPerEpoch());
        long units = 0;
        for (Layer layer : network.layers()) {
            units += 2L * layer.outputs(); // activations and deltas
        }
        boolean dense = !parts.get(Part.TRAIN).source().ofBytes();
        return rows * (units + (dense ? network.features() : 0)) * Float.BYTES;
    }

    /** @throws UserError BAD_CONFIGURATION if the driver has too little memory for what it holds itself */
    void requireDriver(ClusterMemory memory) {
        require("driver", "spark.driver.memory", driverBytes(), memory.driverBytes(), "");
    }

    /** @throws UserError BAD_CONFIGURATION if the tasks that run at once in one process have too little memory */
    void requireTasks(ClusterMemory memory, int partitions, int slots) {
        int together = Math.min(partitions, memory.isShared() ? slots : memory.tasksOfAnExecutor());
        long tasks = together * taskBytes();
        String rows = " and %,d MiB for the buffers of %d tasks".formatted(tasks / MEBIBYTE, together);
        if (memory.isShared()) {
            require("driver", "spark.driver.memory", driverBytes() + tasks, memory.driverBytes(), rows);
        } else {
            require("executor", "spark.executor.memory", tasks, memory.executorBytes(), rows);
        }
    }

    /** Whether so many executors surely keep all rows in memory, by what Spark gives to stored blocks at least. */
    boolean rowsStayInMemory(ClusterMemory memory, int executors) {
        long most = 0;
        for (ShardedPart part : parts.values()) {
            long value = part.source().ofBytes() ? 1 : Float.BYTES;
            most += (part.source().features() * value + Integer.BYTES)
                    * part.rows().size();
        }
        double storage = SHARE_OF_STORED_BLOCKS * (memory.executorBytes() - RESERVED_BYTES);
        return most <= executors * storage;
    }

    private void require(String process, String setting, long needed, long available, String rows) {
        if (needed > available) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The %s has %,d MiB of memory, expected at least %,d MiB: parameters, optimizer state and their copies take %,d MiB%s. Set %s to more, use a smaller network%s."
                                    .formatted(
                                            process,
                                            available / MEBIBYTE,
                                            (needed + MEBIBYTE - 1) / MEBIBYTE,
                                            driverVectors * vectorBytes() / MEBIBYTE,
                                            rows,
                                            setting,
                                            rows.isEmpty() ? "" : " or batch, or more executors"))
                    .fixedBy("hidden", "batch-size");
        }
    }
}
