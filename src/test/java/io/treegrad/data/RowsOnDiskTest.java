package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsOnDiskTest {
    private static final int ROWS = 41;

    private final long seed = System.nanoTime();
    private final SplitMix64 random = new SplitMix64(seed);

    @TempDir
    static Path directory;

    private static Path newFile() throws IOException {
        return Files.createTempFile(directory, "rows", "");
    }

    private List<Rows> kinds(int features) {
        byte[] bytes = new byte[ROWS * features];
        float[] floats = new float[ROWS * features];
        byte[] labels = new byte[ROWS];
        float[] targets = new float[ROWS];
        float[] weights = new float[ROWS];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
            floats[i] = random.nextInt(3) == 0 ? random.nextInt(1000) / 7f - 50 : 0;
        }
        for (int row = 0; row < ROWS; row++) {
            labels[row] = (byte) random.nextInt(256);
            targets[row] = random.nextInt(1000) / 3f;
            weights[row] = random.nextInt(1000) / 9f;
        }
        return List.of(
                ByteRowsBuilder.rowsOf(features, bytes, labels),
                new FloatRows(features, floats, targets, null),
                new FloatRows(features, floats, targets, weights));
    }

    private RowsOnDisk onDisk(Rows rows) throws IOException {
        RowsOnDisk.Builder builder = new RowsOnDisk.Builder(RowsOnDiskTest::newFile, rows.count());
        for (int row = 0; row < rows.count(); ) {
            int end = Math.min(rows.count(), row + 1 + random.nextInt(7));
            int[] piece = new int[end - row];
            for (int i = 0; i < piece.length; i++) {
                piece[i] = row++;
            }
            builder.add(rows.select(piece));
        }
        return builder.build();
    }

    @Test
    void rowsOnDiskAreTheRowsInMemory() throws IOException {
        for (int features : new int[] {1, 63, 64, 130}) {
            for (Rows rows : kinds(features)) {
                assertSame(rows, onDisk(rows));
            }
        }
    }

    private void assertSame(Rows expected, RowsOnDisk rows) {
        String message = "seed " + seed + ", " + expected.features() + " features, " + expected.getClass();
        assertEquals(expected.count(), rows.count(), message);
        assertEquals(expected.features(), rows.features(), message);
        assertEquals(expected.areBytes(), rows.areBytes(), message);
        assertEquals(expected.areWeighted(), rows.areWeighted(), message);
        RowSet all = RowSet.range(0, ROWS);
        assertEquals(expected.sha256(all), rows.sha256(all), message);
        int width = expected.features();
        float[] scaled = new float[width];
        float[] same = new float[width];
        int[] features = new int[width];
        int[] sameFeatures = new int[width];
        for (int i = 0; i < 2 * ROWS; i++) { // in any order
            int row = random.nextInt(ROWS);
            assertEquals(expected.target(row), rows.target(row), message);
            assertEquals(expected.weight(row), rows.weight(row), message);
            assertEquals(expected.valuesHash(row), rows.valuesHash(row), message);
            int feature = random.nextInt(width);
            assertEquals(expected.value(row, feature), rows.value(row, feature), message);
            expected.scaleInto(row, Scaling.symmetric(), scaled, 0);
            rows.scaleInto(row, Scaling.symmetric(), same, 0);
            assertArrayEquals(scaled, same, message);
            int count = expected.nonZero(row, features, scaled);
            assertEquals(count, rows.nonZero(row, sameFeatures, same), message);
            assertArrayEquals(features, sameFeatures, message);
        }
        int[] chosen = new Random(seed).ints(5, 0, ROWS).toArray();
        Rows selected = rows.select(chosen);
        assertFalse(selected instanceof RowsOnDisk, message);
        RowSet few = RowSet.range(0, 5);
        assertEquals(expected.select(chosen).sha256(few), selected.sha256(few), message);
        assertEquals(0, rows.select(new int[0]).count(), message);
    }

    @Test
    void aRowMayBeLongerThanWhatIsWrittenAtOnce() throws IOException {
        Rows rows = new FloatRows(300_000, new float[600_000], new int[] {1, 2});
        assertEquals(rows.sha256(RowSet.range(0, 2)), onDisk(rows).sha256(RowSet.range(0, 2)));
    }

    @Test
    void blocksAreFilledAlike() throws IOException {
        for (Rows rows : kinds(70)) {
            var expected = rows.newBatch(ROWS);
            RowsOnDisk onDisk = onDisk(rows);
            var batch = onDisk.newBatch(ROWS);
            for (int row = ROWS - 1; row >= 0; row--) {
                rows.addTo(expected, row, Scaling.unit());
                onDisk.addTo(batch, row, Scaling.unit());
            }
            assertEquals(expected.getClass(), batch.getClass());
            assertArrayEquals(expected.targets(), batch.targets());
            assertArrayEquals(expected.weights(), batch.weights());
        }
    }

    @Test
    void theyTravelAndLeaveNoFile() throws Exception {
        for (Rows rows : kinds(300)) {
            RowsOnDisk onDisk = onDisk(rows);
            onDisk.target(3);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(sent)) {
                out.writeObject(onDisk);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent.toByteArray()))) {
                assertSame(rows, (RowsOnDisk) in.readObject());
            }
            assertSame(rows, onDisk);
        }
        try (var files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void onlyWhereRowsLieTakesMemory() throws IOException {
        Rows rows = kinds(1000).get(1);
        assertTrue(rows.bytes() > ROWS * 4000L, () -> rows.bytes() + " bytes");
        assertEquals((ROWS + 1) * 8, onDisk(rows).bytes());
    }

    @Test
    void missingRowsAreNoticed() throws IOException {
        RowsOnDisk.Builder builder = new RowsOnDisk.Builder(RowsOnDiskTest::newFile, ROWS + 1);
        builder.add(kinds(3).get(0));
        assertThrows(IllegalStateException.class, builder::build);
        builder.close();
    }
}
