package io.treegrad.worker;

import java.io.Serializable;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The element of the cached RDD: the rows of one partition, and the idle workers that compute on them, so that their buffers
 * live exactly as long as the rows do.
 */
public final class CachedPartition implements Serializable {
    private static final long serialVersionUID = 1;

    private final PartitionShards shards;
    private transient ConcurrentLinkedDeque<ShardWorker> idle;

    public CachedPartition(PartitionShards shards) {
        this.shards = shards;
    }

    public PartitionShards shards() {
        return shards;
    }

    /** {@link PartitionShards#unlessChanged}; itself, with its idle workers, if nothing was changed. */
    public CachedPartition unlessChanged(String expected, String sources) {
        PartitionShards same = shards.unlessChanged(expected, sources);
        return same == shards ? this : new CachedPartition(same);
    }

    /** A worker that no other task uses; give it back when done. */
    public ShardWorker borrow(WorkSpec spec) {
        ShardWorker worker = idle().poll();
        return worker != null && worker.isFor(spec) ? worker : new ShardWorker(spec, shards);
    }

    public void giveBack(ShardWorker worker) {
        idle().push(worker);
    }

    private synchronized ConcurrentLinkedDeque<ShardWorker> idle() {
        if (idle == null) {
            idle = new ConcurrentLinkedDeque<>();
        }
        return idle;
    }
}
