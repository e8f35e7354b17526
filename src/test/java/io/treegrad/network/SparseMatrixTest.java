package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SparseMatrixTest {
    private static final ByteScale AS_IT_IS = ByteScale.shared(identity(), 0, 1);

    @Test
    void rowHoldsItsNonZeroBytesInAscendingOrder() {
        SparseMatrix matrix = new SparseMatrix(130);
        matrix.addRow(new long[] {1L << 63 | 1, 0, 2}, 0, new byte[] {5, (byte) 200, 7}, 0, AS_IT_IS);
        assertEquals(5, matrix.value(0, 0));
        assertEquals(200, matrix.value(0, 63));
        assertEquals(7, matrix.value(0, 129));
        assertEquals(0, matrix.value(0, 1));
        assertEquals(3, matrix.starts()[matrix.words()]);
    }

    @Test
    void bitsByColumnAreThoseByRow() {
        for (long seed = 0; seed < 20; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            int rows = random.nextInt(300);
            int width = 1 + random.nextInt(300);
            SparseMatrix matrix = random(200, width, 0.5, random); // what was there is forgotten
            matrix.transpose();
            matrix.clear();
            addRows(matrix, rows, random.nextDouble(), random);
            matrix.transpose();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < width; column++) {
                    long word = matrix.byColumn()[matrix.column(row / 64) + column];
                    assertEquals(
                            matrix.value(row, column) != 0,
                            (word & 1L << row) != 0,
                            "seed " + seed + ", row " + row + ", column " + column);
                }
            }
            for (int row = rows; row < 64 * matrix.blocks(); row++) {
                assertEquals(0, matrix.byColumn()[matrix.column(row / 64)] & 1L << row, "beyond the last row");
            }
        }
    }

    /** A matrix of bytes of which about this share is not zero. */
    static SparseMatrix random(int rows, int width, double density, SplitMix64 random) {
        SparseMatrix matrix = new SparseMatrix(width);
        addRows(matrix, rows, density, random);
        return matrix;
    }

    private static void addRows(SparseMatrix matrix, int rows, double density, SplitMix64 random) {
        int width = matrix.width();
        for (int row = 0; row < rows; row++) {
            long[] occupied = new long[(width + 63) / 64];
            byte[] values = new byte[width];
            int count = 0;
            for (int p = 0; p < width; p++) {
                if (random.nextDouble() < density) {
                    occupied[p / 64] |= 1L << p;
                    values[count++] = (byte) (1 + random.nextInt(255));
                }
            }
            matrix.addRow(occupied, 0, values, 0, AS_IT_IS);
        }
    }

    private static float[] identity() {
        float[] products = new float[256];
        for (int u = 0; u < products.length; u++) {
            products[u] = u;
        }
        return products;
    }
}
