package io.treegrad.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Arithmetic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Forty rows to train on in four shards and ten to test on in one, from one source, in two partitions. */
class PartitionShardsTest {
    private static final RowSource SOURCE = new SyntheticDigits(1, 0, 50);
    private static final ShardAssignment ASSIGNMENT = new ShardAssignment(
            Map.of(
                    Part.TRAIN,
                    new ShardedPart(SOURCE, RowSet.range(10, 50), new ShardPlan(40, 4)),
                    Part.TEST,
                    ShardedPart.evaluated(SOURCE, RowSet.range(0, 10))),
            2);

    private static final Rows ALL = new SyntheticDigits(1, 0, 50).read(RowSet.range(0, 50), null);

    private final List<RowSet> readings = new ArrayList<>();

    private Rows read(RowSource source, RowSet wanted) throws IOException {
        readings.add(wanted);
        return source.read(wanted, new LocalStorage());
    }

    private PartitionShards read(int partition) throws IOException {
        return PartitionShards.read(ASSIGNMENT, partition, this::read);
    }

    @Test
    void theRowsOfAllPartsOfASourceAreReadInOnePass() throws IOException {
        PartitionShards second = read(1);
        assertEquals(1, readings.size());
        assertEquals(30, readings.get(0).size(), "ten of the test part and two shards of ten");
        assertEquals(
                List.of(2, 3),
                second.of(Part.TRAIN).stream().map(PartitionShards.Shard::shard).toList());
        PartitionShards.Shard last = second.of(Part.TRAIN).get(1);
        assertEquals(10, last.count());
        for (int i = 0; i < 10; i++) {
            assertEquals(ALL.label(40 + i), last.rows().label(last.position(i)));
            assertEquals(ALL.valuesHash(40 + i), last.rows().valuesHash(last.position(i)));
        }
        assertEquals(1, second.of(Part.TEST).size());
        assertEquals(List.of(), second.of(Part.VALIDATION), "there is none");
        assertEquals(List.of(), read(0).of(Part.TEST));
    }

    @Test
    void theDriverLearnsTheDigestsOfTheShardsAndOfAll() throws IOException {
        PartitionShards.Content content = read(1).content();
        assertEquals(
                Map.of(
                        Part.TRAIN, List.of(ALL.sha256(RowSet.range(30, 40)), ALL.sha256(RowSet.range(40, 50))),
                        Part.TEST, List.of(ALL.sha256(RowSet.range(0, 10)))),
                content.sha256());
        assertEquals(content.total(), read(1).content().total());
        assertNotEquals(content.total(), read(0).content().total());
        assertEquals(Arithmetic.name(), content.arithmetic());
        assertNull(content.refusal());
    }

    @Test
    void rowsThatAreReadAgainAreTheSameOrRefused() throws IOException {
        PartitionShards first = read(0);
        assertSame(first, first.unlessChanged(read(0).content().total(), "a file"));
        PartitionShards changed = first.unlessChanged(read(1).content().total(), "a file");
        UserError refusal = changed.refusal().orElseThrow();
        assertEquals(UserError.Kind.BAD_DATA, refusal.kind());
        assertTrue(refusal.getMessage().startsWith("a file: the data was changed while it was in use."));
        assertSame(refusal, assertThrows(UserError.class, () -> changed.of(Part.TRAIN)));
        assertSame(changed, changed.unlessChanged("", "another file"), "the first reason stays");
    }

    @Test
    void whyDataIsRefusedIsAValueWithoutItsCauses() throws IOException {
        PartitionShards refused = PartitionShards.read(ASSIGNMENT, 0, (source, wanted) -> {
            throw new UserError(UserError.Kind.BAD_DATA, "row 7", new IOException("with a long stack"));
        });
        UserError refusal = refused.refusal().orElseThrow();
        assertEquals("row 7", refusal.getMessage());
        assertNull(refusal.getCause());
        assertSame(refusal, assertThrows(UserError.class, () -> refused.of(Part.TEST)));
        assertSame(refusal, refused.content().refusal());
    }
}
