package io.treegrad.worker;

import io.treegrad.common.Sha256;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.RowsOnDisk;
import io.treegrad.data.ShardedPart;
import io.treegrad.network.Arithmetic;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shards of one partition in memory, or why its data is refused. */
public final class PartitionShards implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * One shard.
     *
     * @param shard its number within its part
     * @param rows rows of the partition, of this shard and of others
     * @param positions which of {@code rows} are this shard's, ascending
     */
    public record Shard(int shard, Rows rows, RowSet positions) implements Serializable {
        public int count() {
            return (int) positions.size();
        }

        public int position(int i) {
            return (int) positions.at(i);
        }
    }

    /**
     * What the driver learns of a partition when it is loaded.
     *
     * @param sha256 of the rows of each shard
     * @param total SHA-256 of all its rows
     * @param areOnDisk whether some of its rows are not in memory
     * @param arithmetic what computes where it lies
     * @param refusal why its data is refused; null if it is not
     */
    public record Content(
            EnumMap<Part, List<String>> sha256, String total, boolean areOnDisk, String arithmetic, UserError refusal)
            implements Serializable {}

    private final EnumMap<Part, List<Shard>> shards;
    private final Content content;

    private PartitionShards(EnumMap<Part, List<Shard>> shards, UserError refusal) {
        this.shards = shards;
        EnumMap<Part, List<String>> sha256 = new EnumMap<>(Part.class);
        shards.forEach((part, held) -> sha256.put(
                part,
                held.stream()
                        .map(shard -> shard.rows().sha256(shard.positions()))
                        .toList()));
        String total = Sha256.of(sha256.values().stream().flatMap(List::stream).toList());
        boolean areOnDisk =
                shards.values().stream().flatMap(List::stream).anyMatch(shard -> shard.rows() instanceof RowsOnDisk);
        this.content = new Content(sha256, total, areOnDisk, Arithmetic.name(), refusal);
    }

    /**
     * What is wrong with the data, if it is why there are no rows here. A value and no exception, which Spark would log
     * with its stack in several places and answer by trying again.
     */
    public Optional<UserError> refusal() {
        return Optional.ofNullable(content.refusal);
    }

    public Content content() {
        return content;
    }

    /**
     * The same rows, or a refusal if they are others than were read first, as when a file was changed and a lost partition
     * was read again.
     *
     * @param expected {@link Content#total} of the first reading
     * @param sources where the rows come from, for the message
     */
    PartitionShards unlessChanged(String expected, String sources) {
        if (content.refusal != null || content.total.equals(expected)) {
            return this;
        }
        return new PartitionShards(
                new EnumMap<>(Part.class),
                new UserError(
                        UserError.Kind.BAD_DATA,
                        sources
                                + ": the data was changed while it was in use. Rows that were lost with an executor were"
                                + " read again and are others than before, expected the same. Start a new run."));
    }

    public List<Shard> of(Part part) {
        if (content.refusal != null) {
            throw content.refusal;
        }
        return shards.getOrDefault(part, List.of());
    }

    /** Where rows of a source come from. */
    public interface Reader {
        Rows read(RowSource source, RowSet wanted) throws IOException;
    }

    /**
     * The rows of one partition, or why its data is refused.
     *
     * @param reader is asked once for each source
     */
    public static PartitionShards read(ShardAssignment assignment, int partition, Reader reader) throws IOException {
        Arithmetic.warm(); // compiles while the rows are read, on executors that have rows
        try {
            return new PartitionShards(shards(assignment, partition, reader), null);
        } catch (UserError refusal) {
            return new PartitionShards(new EnumMap<>(Part.class), refusal.withoutCause());
        }
    }

    /** Reads each source in a single pass. */
    private static EnumMap<Part, List<Shard>> shards(ShardAssignment assignment, int partition, Reader reader)
            throws IOException {
        Map<RowSource, RowSet> wanted = new LinkedHashMap<>();
        for (Part part : assignment.parts().keySet()) {
            ShardedPart rows = assignment.parts().get(part);
            for (int shard = assignment.firstShard(part, partition);
                    shard < assignment.endShard(part, partition);
                    shard++) {
                wanted.merge(rows.source(), rows.shard(shard), RowSet::union);
            }
        }
        Map<RowSource, Rows> read = new LinkedHashMap<>();
        for (Map.Entry<RowSource, RowSet> entry : wanted.entrySet()) {
            read.put(entry.getKey(), reader.read(entry.getKey(), entry.getValue()));
        }
        EnumMap<Part, List<Shard>> shards = new EnumMap<>(Part.class);
        for (Part part : assignment.parts().keySet()) {
            ShardedPart rows = assignment.parts().get(part);
            List<Shard> held = new ArrayList<>();
            for (int shard = assignment.firstShard(part, partition);
                    shard < assignment.endShard(part, partition);
                    shard++) {
                RowSet positions = rows.shard(shard).positionsIn(wanted.get(rows.source()));
                held.add(new Shard(shard, read.get(rows.source()), positions));
            }
            shards.put(part, held);
        }
        return shards;
    }
}
