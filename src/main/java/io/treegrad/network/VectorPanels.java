package io.treegrad.network;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operands of a dense product as its tiles read them, so that each load follows the one before: B in panels as wide as a
 * tile, A in tiles turned by a quarter. Owns the memory that this takes.
 */
final class VectorPanels {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;
    /** Columns of a wide tile. */
    static final int TILE_WIDTH = 2 * LANES;
    /** Rows of {@code B} that are packed together. */
    private static final int PACKED_ROWS = 8;
    /** Fewest lanes where a gather is an instruction. */
    private static final int GATHERED_LANES = 8;

    /** Where the lanes of a gather lie. */
    private final int[] places = new int[LANES];
    /** Rows of A, packed: the bits of floats. */
    private int[] rows = new int[0];

    private float[] panels = new float[0];

    int[] rows() {
        return rows;
    }

    float[] panels() {
        return panels;
    }

    static int panelWidth(int left) {
        return left > LANES ? TILE_WIDTH : LANES;
    }

    /**
     * Panels of {@code B [depth × n]}, whose rows start at this offset, n apart. A few rows at a time, so that a row is
     * read from end to end and a panel is written some lines at once.
     */
    void pack(int depth, int n, float[] b, int offset) {
        reservePanels(depth * (n + TILE_WIDTH));
        for (int first = 0; first < depth; first += PACKED_ROWS) {
            int end = Math.min(depth, first + PACKED_ROWS);
            int j = 0;
            for (; j + TILE_WIDTH <= n; j += TILE_WIDTH) {
                packWide(first, end, n, b, offset + j, panels, depth * j);
            }
            int width = panelWidth(n - j);
            for (int q = first; j < n && q < end; q++) {
                int to = depth * j + q * width;
                System.arraycopy(b, offset + q * n + j, panels, to, n - j);
                Arrays.fill(panels, to + n - j, to + width, 0);
            }
        }
    }

    private static void gatherWide(int depth, int n, float[] b, int from, float[] panels, int to, int[] places) {
        for (int q = 0; q < depth; q++) {
            FloatVector.fromArray(SPECIES, b, from + q, places, 0).intoArray(panels, to + q * TILE_WIDTH);
            FloatVector.fromArray(SPECIES, b, from + q + LANES * n, places, 0)
                    .intoArray(panels, to + q * TILE_WIDTH + LANES);
        }
    }

    private static void packWide(int first, int end, int n, float[] b, int from, float[] panels, int to) {
        for (int q = first; q < end; q++) {
            FloatVector.fromArray(SPECIES, b, from + q * n).intoArray(panels, to + q * TILE_WIDTH);
            FloatVector.fromArray(SPECIES, b, from + q * n + LANES).intoArray(panels, to + q * TILE_WIDTH + LANES);
        }
    }

    /** Panels of {@code B [depth × k]}, where element (q, p) lies at {@code offset + p n + q}. */
    void packTransposed(int depth, int k, int n, float[] b, int offset) {
        reservePanels(depth * (k + TILE_WIDTH));
        int to = 0;
        for (int j = 0; j < k; j += TILE_WIDTH) {
            int width = panelWidth(k - j);
            int count = Math.min(width, k - j);
            if (count == TILE_WIDTH && LANES >= GATHERED_LANES) {
                for (int lane = 0; lane < LANES; lane++) {
                    places[lane] = lane * n;
                }
                gatherWide(depth, n, b, offset + j * n, panels, to, places);
                to += depth * width;
                continue;
            }
            for (int q = 0; q < depth; q++) {
                int at = to + q * width;
                for (int p = 0; p < count; p++) {
                    panels[at + p] = b[offset + (j + p) * n + q];
                }
                Arrays.fill(panels, at + count, at + width, 0);
            }
            to += depth * width;
        }
    }

    /**
     * Rows {@code first} to {@code end} of {@code A [m × depth]}, tile after tile, each turned so that what a tile takes
     * at one inner index lies together. As bits: the JIT spreads an {@code int} over a vector in one load, a
     * {@code float} in five instructions.
     */
    void packRows(int first, int end, int depth, float[] a, int a0, int lda, int tileRows) {
        reserveRows((end - first + tileRows) * depth);
        int to = 0;
        int i = first;
        if (LANES >= GATHERED_LANES && tileRows == 8 && end - first >= 8) {
            for (int lane = 0; lane < LANES; lane++) {
                places[lane] = lane % 8 * lda + lane / 8;
            }
            for (; i + 8 <= end; i += 8) {
                packEight(depth, a, a0 + i * lda, lda, rows, to, places);
                to += 8 * depth;
            }
        }
        for (; i < end; i += tileRows) {
            for (int r = 0; r < tileRows; r++) {
                if (i + r < end) {
                    packRow(depth, a, a0 + (i + r) * lda, rows, to + r, tileRows);
                }
            }
            to += tileRows * depth;
        }
    }

    private static void packEight(int depth, float[] a, int from, int lda, int[] rows, int to, int[] places) {
        int q = 0;
        for (; q + LANES / 8 <= depth; q += LANES / 8) {
            FloatVector.fromArray(SPECIES, a, from + q, places, 0)
                    .reinterpretAsInts()
                    .intoArray(rows, to + q * 8);
        }
        for (; q < depth; q++) {
            for (int r = 0; r < 8; r++) {
                rows[to + q * 8 + r] = Float.floatToRawIntBits(a[from + q + r * lda]);
            }
        }
    }

    private static void packRow(int depth, float[] a, int from, int[] rows, int to, int stride) {
        for (int q = 0; q < depth; q++) {
            rows[to + q * stride] = Float.floatToRawIntBits(a[from + q]);
        }
    }

    /** The same of a matrix that lies the other way round: element (i, q) at {@code a0 + q lda + i}. */
    void packColumns(int first, int end, int depth, float[] a, int a0, int lda, int tileRows) {
        reserveRows((end - first + tileRows) * depth);
        int to = 0;
        for (int i = first; i < end; i += tileRows) {
            packColumns(Math.min(tileRows, end - i), depth, a, a0 + i, lda, rows, to, tileRows);
            to += tileRows * depth;
        }
    }

    private static void packColumns(
            int count, int depth, float[] a, int from, int lda, int[] rows, int to, int tileRows) {
        for (int q = 0; q < depth; q++) {
            for (int r = 0; r < count; r++) {
                rows[to + q * tileRows + r] = Float.floatToRawIntBits(a[from + q * lda + r]);
            }
        }
    }

    private void reserveRows(int size) {
        if (rows.length < size) {
            rows = new int[size];
        }
    }

    private void reservePanels(int size) {
        if (panels.length < size) {
            panels = new float[size];
        }
    }
}
