package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowsTest {
    private final ByteRows bytes =
            ByteRowsBuilder.rowsOf(2, new byte[] {1, 2, 3, (byte) 255}, new byte[] {7, (byte) 200});
    private final FloatRows floats = new FloatRows(2, new float[] {0.5f, -1}, new int[] {1000});

    @Test
    void bytesAreUnsigned() {
        assertEquals(255f, bytes.value(1, 1));
        assertEquals(200, bytes.label(1));
    }

    @Test
    void joinedRowsKeepTheirOrderAndValues() {
        Rows mixed = Rows.join(bytes, floats);
        assertEquals(3, mixed.count());
        assertEquals(255f, mixed.value(1, 1));
        assertEquals(-1f, mixed.value(2, 1));
        assertEquals(200, mixed.label(1));
        assertEquals(1000, mixed.label(2));
        Rows same = assertInstanceOf(ByteRows.class, Rows.join(bytes, bytes));
        assertEquals(4, same.count());
        assertEquals(3f, same.value(3, 0));
        assertEquals(7, same.label(2));
    }

    @Test
    void valuesThatDoNotFillTheRowsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ByteRowsBuilder.rowsOf(3, new byte[4], new byte[2]));
        assertThrows(IllegalArgumentException.class, () -> new FloatRows(0, new float[0], new int[2]));
        assertThrows(
                IllegalArgumentException.class,
                () -> Rows.join(bytes, new FloatRows(1, new float[] {1}, new int[] {1})));
    }

    @Test
    void digestsTellRowsApartByEveryValueByTheLabelAndByTheOrder() {
        Rows one = ByteRowsBuilder.rowsOf(2, new byte[] {1, 0, 0, 1}, new byte[] {7, 7});
        assertEquals(one.sha256(RowSet.range(0, 2)), Rows.join(one, one).sha256(RowSet.range(2, 4)));
        assertNotEquals(one.sha256(RowSet.range(0, 1)), one.sha256(RowSet.range(1, 2)));
        List<Rows> others = List.of(
                ByteRowsBuilder.rowsOf(2, new byte[] {2, 0, 0, 1}, new byte[] {7, 7}),
                ByteRowsBuilder.rowsOf(2, new byte[] {1, 0, 0, 1}, new byte[] {7, 8}),
                ByteRowsBuilder.rowsOf(2, new byte[] {0, 1, 1, 0}, new byte[] {7, 7}),
                new FloatRows(2, new float[] {1, 0, 0, 1}, new int[] {7, 8}),
                new FloatRows(2, new float[] {1, 0, 0, 2}, new int[] {7, 8}),
                new FloatRows(2, new float[] {1, -0f, 0, 2}, new int[] {7, 8}));
        Set<String> digests = new HashSet<>(List.of(one.sha256(RowSet.range(0, 2))));
        for (Rows other : others) {
            assertTrue(digests.add(other.sha256(RowSet.range(0, 2))), "not told apart: " + others.indexOf(other));
        }
    }

    @Test
    void selectedRowsKeepTheirWeights() {
        Rows weighted = new FloatRows(1, new float[] {1, 2, 3}, new float[] {0, 1, 0}, new float[] {4, 5, 6});
        Rows selected = weighted.select(new int[] {0, 2});
        assertTrue(selected.areWeighted());
        assertEquals(6, selected.weight(1));
        assertEquals(weighted.select(new int[] {2}).sha256(RowSet.range(0, 1)), weighted.sha256(RowSet.range(2, 3)));
    }

    @Test
    void rowsAreFetchedWithTheirBytesUpToTheLastRow() {
        for (int features : new int[] {1, 64, 65, 784}) {
            byte[] values = new byte[3 * features];
            values[features] = 1;
            Rows rows = ByteRowsBuilder.rowsOf(features, values, new byte[3]);
            assertEquals(0, rows.fetch(0), "a row of zeros");
            assertEquals(2, rows.fetch(1), "its first bit and its only value");
            assertEquals(0, rows.fetch(2), "a row of zeros behind all values");
        }
    }

    @Test
    void bytesComeBackFromTheirBits() {
        SplitMix64 random = new SplitMix64(3);
        for (int features : new int[] {1, 63, 64, 65, 130, 784}) {
            byte[] values = new byte[5 * features];
            for (int i = 0; i < values.length; i++) {
                boolean isLikeTheLast =
                        i > 0 && random.nextInt(1 + i * 5 / values.length) > 0; // longer and longer runs
                boolean isZero = isLikeTheLast ? values[i - 1] == 0 : random.nextInt(3) > 0;
                values[i] = (byte) (isZero ? 0 : 1 + random.nextInt(255));
            }
            Rows once = ByteRowsBuilder.rowsOf(features, values, new byte[5]);
            Rows joined = Rows.join(once, once);
            float[] row = new float[features];
            for (int i = 0; i < 10; i++) {
                joined.scaleInto(i, Scaling.none(), row, 0);
                for (int p = 0; p < features; p++) {
                    float expected = values[i % 5 * features + p] & 0xFF;
                    assertEquals(expected, joined.value(i, p), features + " features, row " + i);
                    assertEquals(expected, row[p], features + " features, row " + i);
                }
            }
        }
    }

    @Test
    void rowsOfBytesThatCameInPiecesAreTheSame() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 200; round++) {
            int features = 1 + random.nextInt(130);
            byte[] labels = new byte[random.nextInt(40)];
            byte[] values = new byte[labels.length * features];
            for (int i = 0; i < values.length; i++) {
                // few in the first rows, so that more come than those let expect
                values[i] = (byte) (random.nextInt(values.length) < i ? 1 + random.nextInt(255) : 0);
            }
            ByteRowsBuilder pieces = new ByteRowsBuilder(features, labels);
            for (int row = 0; row < labels.length; ) {
                int end = Math.min(labels.length, row + random.nextInt(7));
                // more bytes than those of the piece may follow
                int bytes = end * features + random.nextInt(values.length - end * features + 1);
                pieces.add(Arrays.copyOfRange(values, row * features, bytes), end - row);
                row = end;
            }
            Rows expected = ByteRowsBuilder.rowsOf(features, values, labels);
            Rows built = pieces.build();
            RowSet all = RowSet.range(0, labels.length);
            assertEquals(expected.sha256(all), built.sha256(all), "seed " + seed);
            Rows twice = Rows.join(built, built);
            assertEquals(Rows.join(expected, expected).sha256(all), twice.sha256(all), "seed " + seed);
            assertThrows(IllegalArgumentException.class, () -> pieces.add(new byte[features]));
        }
        assertThrows(IllegalArgumentException.class, () -> new ByteRowsBuilder(3, new byte[2]).build());
        assertThrows(IllegalArgumentException.class, () -> new ByteRowsBuilder(3, new byte[2]).add(new byte[4]));
    }
}
