package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.ByteRows;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.RowsOnDisk;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardAssignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {
    private static final LocalStorage STORAGE = new LocalStorage();
    /** As floats 12.5 MB, as bytes about 1 MB. */
    private static final RowSource DIGITS = new SyntheticDigits(1, 0, 4000);

    @TempDir
    static Path directory;

    private static RowReader reader(long memoryBytes) {
        return new RowReader(STORAGE, memoryBytes, () -> Files.createTempFile(directory, "rows", ""));
    }

    @Test
    void rowsStayOnDiskOnlyWhereMemoryHasNoRoom() throws IOException {
        RowSet most = RowSet.range(5, 3990);
        Rows expected = DIGITS.read(most, STORAGE);
        assertInstanceOf(ByteRows.class, reader(20_000_000).read(DIGITS, most));
        assertInstanceOf(ByteRows.class, reader(expected.bytes() * 11 / 10).read(DIGITS, most));
        Rows onDisk = reader(expected.bytes() / 2).read(DIGITS, most);
        assertInstanceOf(RowsOnDisk.class, onDisk);
        RowSet all = RowSet.range(0, most.size());
        assertEquals(expected.sha256(all), onDisk.sha256(all));
    }

    @Test
    void theRowsOfOneSourceLeaveLessRoomForThoseOfTheNext() throws IOException {
        RowSet all = RowSet.range(0, 4000);
        long bytes = DIGITS.read(all, STORAGE).bytes();
        RowReader reader = reader(bytes * 3 / 2);
        assertInstanceOf(ByteRows.class, reader.read(DIGITS, all));
        assertInstanceOf(RowsOnDisk.class, reader.read(DIGITS, all));
    }

    @Test
    void aPartitionTellsWhetherItsRowsStayOnDisk() throws IOException {
        ShardedPart train = new ShardedPart(DIGITS, RowSet.range(0, 1400), new ShardPlan(1400, 1)); // more than a piece
        ShardAssignment assignment = new ShardAssignment(Map.of(Part.TRAIN, train), 1);
        assertTrue(PartitionShards.read(assignment, 0, reader(0)).content().areOnDisk());
        assertFalse(PartitionShards.read(assignment, 0, reader(20_000_000))
                .content()
                .areOnDisk());
    }

    @Test
    void aDiskThatCannotBeWrittenIsTold() {
        Path nowhere = directory.resolve("removed").resolve("rows");
        UserError error = assertThrows(
                UserError.class, () -> new RowReader(STORAGE, 0, () -> nowhere).read(DIGITS, RowSet.range(0, 4000)));
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        assertTrue(error.getMessage().contains("spark.local.dir"), error.getMessage());
    }
}
