package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Storage;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardAssignment;
import io.treegrad.worker.ShardWorker;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/**
 * All shards on one thread, for a training that runs within a single task. The same shards are added in the same tree as
 * by the other engines, so the bits are the same.
 */
public final class WholeRowsEngine implements StepEngine {
    /**
     * Rows that the trainings of a JVM share, for as long as there is memory. Static because tasks of different
     * partitions have no other way to share anything.
     */
    private static final Map<ShardAssignment, SoftReference<PartitionShards>> ROWS = new HashMap<>();

    private final Map<Part, ShardedPart> parts;
    private final ShardWorker worker;

    /**
     * Reads the rows of all parts, unless another training of this JVM has.
     *
     * @throws UserError if a file is not what it should be
     */
    public WholeRowsEngine(Map<Part, ShardedPart> parts, WorkSpec spec, Storage storage) throws IOException {
        this.parts = parts;
        this.worker = new ShardWorker(spec, rows(new ShardAssignment(parts, 1), storage));
    }

    private static PartitionShards rows(ShardAssignment assignment, Storage storage) throws IOException {
        synchronized (ROWS) { // the second of two trainings waits for the rows of the first
            SoftReference<PartitionShards> kept = ROWS.get(assignment);
            PartitionShards rows = kept == null ? null : kept.get();
            if (rows == null) {
                long memory = RowReader.memoryOfRows(Runtime.getRuntime().maxMemory());
                rows = PartitionShards.read(assignment, 0, new RowReader(storage, memory));
                ROWS.put(assignment, new SoftReference<>(rows));
            }
            return rows;
        }
    }

    @Override
    public GradientSum sumAt(float[] theta, long step) {
        TaskContext task = TaskContext.get();
        if (task != null && task.isInterrupted()) {
            throw new TaskKilledException(task.getKillReason().getOrElse(() -> "killed"));
        }
        return worker.gradient(theta, step).total();
    }

    @Override
    public EvaluationSum evaluate(float[] theta, Part part) {
        return worker.evaluate(theta, part, parts.get(part).shards().shards()).total();
    }

    @Override
    public String name() {
        return "single task";
    }

    @Override
    public void close() {}
}
