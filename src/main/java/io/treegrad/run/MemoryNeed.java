package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Layer;
import io.treegrad.network.Network;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.ClusterMemory;
import java.util.List;
import java.util.Map;

/**
 * What a training needs of the memory of its processes, from the sizes of its network and data. It is a lower bound: no
 * run is refused that could succeed, and few that run out of memory are not.
 */
final class MemoryNeed {
    /** Rows of a block that is evaluated. */
    private static final long EVALUATED_ROWS = 512;

    private static final long MEBIBYTE = 1 << 20;

    /** Of what Spark leaves of a heap: so much blocks keep whatever tasks need. */
    private static final double SHARE_OF_STORED_BLOCKS = 0.3;

    private final Network network;
    private final Map<Part, ShardedPart> parts;
    private final StepPlan steps;
    private final long trainingVectors;

    /** @param trainingVectors arrays as long as the parameters that the loop of the training holds */
    private MemoryNeed(Network network, Map<Part, ShardedPart> parts, StepPlan steps, long trainingVectors) {
        this.network = network;
        this.parts = parts;
        this.steps = steps;
        this.trainingVectors = trainingVectors;
    }

    /** Of a run, which saves checkpoints from a copy of its state. */
    static MemoryNeed ofRun(Settings settings, Network network, Map<Part, ShardedPart> parts, StepPlan steps) {
        boolean saves = settings.get(OutputSettings.CHECKPOINT_EVERY).isPresent();
        return new MemoryNeed(network, parts, steps, vectors(settings) + (saves ? 1 + optimizerVectors(settings) : 0));
    }

    /** Of a trial of a sweep, which saves none. */
    static MemoryNeed ofTrial(Settings settings, Network network, Map<Part, ShardedPart> parts, StepPlan steps) {
        return new MemoryNeed(network, parts, steps, vectors(settings));
    }

    /** Parameters, gradient sum, optimizer state, and the best parameters so far. */
    private static long vectors(Settings settings) {
        boolean keepsBest = settings.get(TrainingSettings.PATIENCE).isPresent();
        return 2 + optimizerVectors(settings) + (keepsBest ? 1 : 0);
    }

    private static long optimizerVectors(Settings settings) {
        return new Recipe(settings).updateRule().stateVectors();
    }

    /** Of parameters, state and counts on the driver, in bytes. */
    long driverBytes() {
        return trainingVectors * vectorBytes() + countBytes();
    }

    /** Of a trial of a sweep, which computes where its loop is. */
    private long trialBytes() {
        return driverBytes() + bufferBytes();
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
        String buffers = " and %,d MiB for the buffers of %d tasks".formatted(tasks / MEBIBYTE, together);
        if (memory.isShared()) {
            require("driver", "spark.driver.memory", driverBytes() + tasks, memory.driverBytes(), buffers);
        } else {
            require("executor", "spark.executor.memory", tasks, memory.executorBytes(), buffers);
        }
    }

    /**
     * Requires room for the trials of a sweep: for each alone, and for as many as run at once in one process. Which they are,
     * nobody knows: at least the smallest of those that begin.
     *
     * @param trials in the order in which they begin
     * @throws UserError BAD_CONFIGURATION if a process has too little memory
     */
    static void requireTrials(List<MemoryNeed> trials, ClusterMemory memory, int slots) {
        trials.forEach(trial -> requireTrials(trial.trialBytes(), 1, memory));
        List<MemoryNeed> first = trials.subList(0, Math.min(slots, trials.size()));
        int together = Math.min(first.size(), memory.isShared() ? slots : memory.tasksOfAnExecutor());
        long needed = first.stream()
                .mapToLong(MemoryNeed::trialBytes)
                .sorted()
                .limit(together)
                .sum();
        requireTrials(needed, together, memory);
    }

    private static void requireTrials(long needed, int together, ClusterMemory memory) {
        long available = memory.isShared() ? memory.driverBytes() : memory.executorBytes();
        if (needed > available) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "The %s has %,d MiB of memory, expected at least %,d MiB for parameters, optimizer state and buffers of %s. Set %s to more, use smaller networks or batches%s."
                            .formatted(
                                    memory.isShared() ? "driver" : "executor",
                                    available / MEBIBYTE,
                                    (needed + MEBIBYTE - 1) / MEBIBYTE,
                                    together == 1 ? "a trial" : together + " trials that run at once",
                                    memory.isShared() ? "spark.driver.memory" : "spark.executor.memory",
                                    together == 1
                                            ? ""
                                            : ", or give each process fewer cores: it runs a trial on each"));
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
        double storage = SHARE_OF_STORED_BLOCKS * ClusterMemory.leftOf(memory.executorBytes());
        return most <= executors * storage;
    }

    private void require(String process, String setting, long needed, long available, String buffers) {
        if (needed > available) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The %s has %,d MiB of memory, expected at least %,d MiB: parameters, optimizer state and their copies take %,d MiB%s. Set %s to more, use a smaller network%s."
                                    .formatted(
                                            process,
                                            available / MEBIBYTE,
                                            (needed + MEBIBYTE - 1) / MEBIBYTE,
                                            trainingVectors * vectorBytes() / MEBIBYTE,
                                            buffers,
                                            setting,
                                            buffers.isEmpty() ? "" : " or batch, or more executors"))
                    .fixedBy(NetworkSettings.HIDDEN.name(), TrainingSettings.BATCH_SIZE.name());
        }
    }
}
