package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.ByteRowsBuilder;
import io.treegrad.data.DataFormat;
import io.treegrad.data.FloatRows;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.testing.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What travels from the driver to tasks arrives as it was sent. */
class ShippedValuesTest {
    private static final ArraySource IDX = new ArraySource(
            DataFormat.IDX,
            new IdxFile("p"),
            new ArrayLabels(new IdxFile("l"), false, Classes.numbered(0, 10)),
            60_000,
            new Shape(28, 28),
            ElementType.UNSIGNED_BYTE,
            false);

    static Stream<Serializable> values() {
        return Stream.of(
                RowSet.range(5, 1L << 40),
                RowSet.of(new int[] {1, 5, 6}),
                RowSet.of(new int[0]),
                Scaling.unit(),
                Scaling.symmetric(),
                Scaling.none(),
                Scaling.standard(new float[] {1, 2}, new float[] {3, 0}),
                IDX,
                new JoinedSource(List.of(IDX, new SyntheticDigits(1, 0, 10))),
                new ShardPlan(10, 3),
                new StepPlan(10, 3, 5, 7),
                new LocalStorage());
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueArrivesAsItWasSent(Serializable value) throws Exception {
        assertEquals(value, received(sent(value)));
    }

    @Test
    void rowsArriveAsTheyWereSent() throws Exception {
        for (Rows rows : new Rows[] {
            ByteRowsBuilder.rowsOf(2, new byte[] {1, (byte) 200}, new byte[] {9}),
            new FloatRows(2, new float[] {1, 200}, new int[] {9})
        }) {
            Rows arrived = (Rows) received(sent(rows));
            assertEquals(1, arrived.count());
            assertEquals(9, arrived.label(0));
            assertEquals(200f, arrived.value(0, 1));
        }
    }

    @Test
    void sourceOfATextFileReadsTheSameWhereItArrives() throws Exception {
        MemoryStorage storage = new MemoryStorage();
        storage.with("t", "a,b,kind\n1,2,rose\n3,4,lily\n".getBytes(StandardCharsets.UTF_8));
        RowSource source =
                CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO).train();
        RowSource arrived = (RowSource) received(sent(source));
        assertEquals(List.of("lily", "rose"), arrived.classNames());
        assertEquals(3, arrived.read(RowSet.range(1, 2), storage).value(0, 0));
        assertEquals(1, arrived.labels(storage)[0]);
    }

    @Test
    void sourceAndSliceOfARangeAreSmall() throws IOException {
        assertTrue(sent(IDX).length < 2000, () -> "a source takes many bytes");
        assertTrue(sent(RowSet.range(0, 60_000).slice(30_000, 60_000)).length < 300, () -> "a range takes many bytes");
    }

    private static byte[] sent(Serializable value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static Object received(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
