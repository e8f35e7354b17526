package io.treegrad.spark;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.RowsOnDisk;
import io.treegrad.data.Storage;
import io.treegrad.worker.PartitionShards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;

/**
 * Reads the rows of a partition: into memory where they fit, else piece by piece into a file in a local directory of Spark
 * ({@code spark.local.dir}). Which of the two decides no bit of any result.
 */
final class RowReader implements PartitionShards.Reader {
    /** Of what Spark leaves of a heap: it keeps 0.6 of that for blocks and what tasks sort, the rest is for buffers. */
    private static final double SHARE_OF_ROWS = 0.5;

    private static final long LEAST_PIECE_BYTES = 4L << 20;
    /** As many pieces of floats would fill the memory; one of them is in memory beside the buffers of the format. */
    private static final int PIECES = 8;

    private final Storage storage;
    private final RowsOnDisk.Scratch scratch;
    /** What the rows of the partition may still take. */
    private long memoryBytes;

    /** @param memoryBytes {@link #memoryOfPartition} */
    RowReader(Storage storage, long memoryBytes) {
        this(storage, memoryBytes, RowReader::newFile);
    }

    RowReader(Storage storage, long memoryBytes, RowsOnDisk.Scratch scratch) {
        this.storage = storage;
        this.memoryBytes = memoryBytes;
        this.scratch = scratch;
    }

    /**
     * How many bytes of memory the rows of a partition may take.
     *
     * @param partitions of which each executor gets its share
     */
    static long memoryOfPartition(Cluster cluster, int partitions) {
        ClusterMemory memory = cluster.memory();
        int processes =
                memory.isShared() ? 1 : Math.max(1, cluster.executorPlaces().size());
        long heap = memory.isShared() ? memory.driverBytes() : memory.executorBytes();
        return memoryOfRows(heap) / ((partitions + processes - 1) / processes);
    }

    /** How many bytes all rows in a process with such a heap may take. */
    static long memoryOfRows(long heapBytes) {
        return (long) (SHARE_OF_ROWS * ClusterMemory.leftOf(heapBytes));
    }

    @Override
    public Rows read(RowSource source, RowSet wanted) throws IOException {
        Rows rows = memoryOrDisk(source, wanted);
        memoryBytes = Math.max(0, memoryBytes - rows.bytes());
        return rows;
    }

    private Rows memoryOrDisk(RowSource source, RowSet wanted) throws IOException {
        long size = wanted.size();
        long floats = size * source.features();
        if (floats <= Integer.MAX_VALUE && floats * Float.BYTES <= memoryBytes) {
            return source.read(wanted, storage);
        }
        long piece = Math.max(1, Math.max(LEAST_PIECE_BYTES, memoryBytes / PIECES) / Float.BYTES / source.features());
        if (size <= piece) {
            return source.read(wanted, storage);
        }
        Rows first = source.read(wanted.slice(0, piece), storage);
        if (floats <= Integer.MAX_VALUE && first.bytes() / first.count() * size <= memoryBytes) {
            return source.read(wanted, storage);
        }
        return onDisk(source, wanted, first);
    }

    /** @param first the rows of the first piece, as many as the others have at most */
    private Rows onDisk(RowSource source, RowSet wanted, Rows first) throws IOException {
        try (RowsOnDisk.Builder rows = new RowsOnDisk.Builder(scratch, Math.toIntExact(wanted.size()))) {
            rows.add(first);
            for (long from = first.count(); from < wanted.size(); from += first.count()) {
                RowSet piece = wanted.slice(from, Math.min(wanted.size(), from + first.count()));
                rows.add(source.read(piece, storage));
            }
            return rows.build();
        } catch (UncheckedIOException failure) {
            throw new UserError(
                    UserError.Kind.CANNOT_WRITE,
                    ("Rows of %s have no room in memory and cannot be written to a local directory of Spark (%s), expected"
                                    + " free space for all of them. Make room there, name another place (spark.local.dir),"
                                    + " or give executors more memory.")
                            .formatted(source.describe(), OutsideFailure.reason(failure.getCause())),
                    failure);
        }
    }

    private static Path newFile() {
        return SparkEnv.get()
                .blockManager()
                .diskBlockManager()
                .createTempLocalBlock()
                ._2()
                .toPath();
    }
}
