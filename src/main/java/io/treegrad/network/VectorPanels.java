package io.treegrad.network;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operands of a product as its tiles read them, so that each load follows the one before: a panel of B, as wide as a
 * tile, and the rows of A, in transposed tiles. Owns the memory that this takes.
 *
 * <p>A panel is packed right before it is used, so that it is still in the first cache then. It begins where a cache line
 * begins, if the collector allows: a vector of 512 bits that lies on two lines takes two loads. G1 puts an array that
 * takes more than half a region at the start of a region, and never moves it.
 */
final class VectorPanels {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;
    /** Columns of a wide tile. */
    static final int TILE_WIDTH = 2 * LANES;
    /** Where a panel begins: an array's elements follow 16 bytes of its header, so this is at 64 bytes. */
    static final int START = 12;
    /** Whether one gather transposes two columns of a tile. */
    private static final boolean GATHERS = LANES == 2 * VectorTiles.ROWS;

    /** Where the lanes of a gather lie. */
    private final int[] places = new int[LANES];
    /** Rows of A, packed: the bits of floats. */
    private int[] rows = new int[0];

    private final float[] panel;

    /** @param elements of the largest panel */
    VectorPanels(int elements) {
        // A region has at most a 1024th of the largest heap, and one to thirty-two megabytes.
        long halfRegion =
                Math.min(1 << 24, Math.max(1 << 19, Runtime.getRuntime().maxMemory() >> 11));
        panel = new float[START + Math.max(elements, (int) (halfRegion / Float.BYTES))];
    }

    int[] rows() {
        return rows;
    }

    /** The panel packed last, from {@link #START} on. */
    float[] panel() {
        return panel;
    }

    /**
     * Packs {@code B [depth × count]}, whose rows start at this offset, ldb apart, into rows of {@code width}, a multiple of
     * a vector. What stands beyond the columns is of no use.
     */
    void pack(int depth, int count, int width, float[] b, int offset, int ldb) {
        int whole = depth;
        while (whole > 0 && offset + (whole - 1) * ldb + width > b.length) {
            whole--;
        }
        packWhole(whole, width, b, offset, ldb, panel);
        for (int q = whole; q < depth; q++) {
            System.arraycopy(b, offset + q * ldb, panel, START + q * width, count);
        }
    }

    private static void packWhole(int depth, int width, float[] b, int offset, int ldb, float[] panel) {
        for (int q = 0; q < depth; q++) {
            for (int j = 0; j < width; j += LANES) {
                FloatVector.fromArray(SPECIES, b, offset + q * ldb + j).intoArray(panel, START + q * width + j);
            }
        }
    }

    /** The same of a matrix that lies the other way round: element (q, p) at {@code offset + p ldb + q}. */
    void packTransposed(int depth, int count, int width, float[] b, int offset, int ldb) {
        if (count == TILE_WIDTH && LANES >= 8) {
            for (int lane = 0; lane < LANES; lane++) {
                places[lane] = lane * ldb;
            }
            gatherWide(depth, ldb, b, offset, panel, places);
            return;
        }
        for (int q = 0; q < depth; q++) {
            int at = START + q * width;
            for (int p = 0; p < count; p++) {
                panel[at + p] = b[offset + p * ldb + q];
            }
            Arrays.fill(panel, at + count, at + width, 0);
        }
    }

    private static void gatherWide(int depth, int ldb, float[] b, int from, float[] panel, int[] places) {
        for (int q = 0; q < depth; q++) {
            int to = START + q * TILE_WIDTH;
            FloatVector.fromArray(SPECIES, b, from + q, places, 0).intoArray(panel, to);
            FloatVector.fromArray(SPECIES, b, from + q + LANES * ldb, places, 0).intoArray(panel, to + LANES);
        }
    }

    /**
     * Rows {@code first} to {@code end} of {@code A [m × depth]}, tile after tile, each transposed so that what a tile takes
     * at one inner index lies together. As bits: the JIT spreads an {@code int} over a vector in one load, a
     * {@code float} in five instructions.
     */
    void packRows(int first, int end, int depth, float[] a, int a0, int lda) {
        int tileRows = VectorTiles.ROWS;
        reserveRows((end - first + tileRows) * depth);
        int to = 0;
        int i = first;
        if (GATHERS) {
            for (int lane = 0; lane < LANES; lane++) {
                places[lane] = lane % tileRows * lda + lane / tileRows;
            }
            for (; i + tileRows <= end; i += tileRows) {
                gatherRows(depth, a, a0 + i * lda, lda, rows, to, places);
                to += tileRows * depth;
            }
        }
        for (; i < end; i += tileRows) {
            for (int r = 0; r < tileRows && i + r < end; r++) {
                packRow(depth, a, a0 + (i + r) * lda, rows, to + r);
            }
            to += tileRows * depth;
        }
    }

    private static void gatherRows(int depth, float[] a, int from, int lda, int[] rows, int to, int[] places) {
        int q = 0;
        for (; q + 2 <= depth; q += 2) {
            FloatVector.fromArray(SPECIES, a, from + q, places, 0)
                    .reinterpretAsInts()
                    .intoArray(rows, to + q * VectorTiles.ROWS);
        }
        for (; q < depth; q++) {
            for (int r = 0; r < VectorTiles.ROWS; r++) {
                rows[to + q * VectorTiles.ROWS + r] = Float.floatToRawIntBits(a[from + q + r * lda]);
            }
        }
    }

    private static void packRow(int depth, float[] a, int from, int[] rows, int to) {
        for (int q = 0; q < depth; q++) {
            rows[to + q * VectorTiles.ROWS] = Float.floatToRawIntBits(a[from + q]);
        }
    }

    /** The same of a matrix that lies the other way round: element (i, q) at {@code a0 + q lda + i}. */
    void packColumns(int first, int end, int depth, float[] a, int a0, int lda) {
        int tileRows = VectorTiles.ROWS;
        reserveRows((end - first + tileRows) * depth);
        int to = 0;
        for (int i = first; i < end; i += tileRows) {
            packColumns(Math.min(tileRows, end - i), depth, a, a0 + i, lda, rows, to);
            to += tileRows * depth;
        }
    }

    private static void packColumns(int count, int depth, float[] a, int from, int lda, int[] rows, int to) {
        if (count == 8) {
            packEightColumns(depth, a, from, lda, rows, to);
            return;
        }
        for (int q = 0; q < depth; q++) {
            for (int r = 0; r < count; r++) {
                rows[to + q * VectorTiles.ROWS + r] = Float.floatToRawIntBits(a[from + q * lda + r]);
            }
        }
    }

    /** Written out, which takes half the time. */
    private static void packEightColumns(int depth, float[] a, int from, int lda, int[] rows, int to) {
        for (int q = 0; q < depth; q++) {
            int next = from + q * lda;
            int target = to + q * 8;
            rows[target] = Float.floatToRawIntBits(a[next]);
            rows[target + 1] = Float.floatToRawIntBits(a[next + 1]);
            rows[target + 2] = Float.floatToRawIntBits(a[next + 2]);
            rows[target + 3] = Float.floatToRawIntBits(a[next + 3]);
            rows[target + 4] = Float.floatToRawIntBits(a[next + 4]);
            rows[target + 5] = Float.floatToRawIntBits(a[next + 5]);
            rows[target + 6] = Float.floatToRawIntBits(a[next + 6]);
            rows[target + 7] = Float.floatToRawIntBits(a[next + 7]);
        }
    }

    private void reserveRows(int size) {
        if (rows.length < size) {
            rows = new int[size];
        }
    }
}
