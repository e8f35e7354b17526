package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowCountsTest {
    private static final Shape SHAPE = new Shape(1, 2);
    private static final Rows BYTES =
            ByteRowsBuilder.rowsOf(2, new byte[] {0, 1, 0, 5, (byte) 200, 5, 0, 0}, new byte[] {0, 1, 1, 0});
    private static final Rows FLOATS = FloatRows.of(BYTES);
    private static final ValueBins BINS = new ValueBins(new FeatureBlocks(SHAPE), new float[][] {{1}, {1, 5}});

    /** Of two pairs of rows, each pair counted by itself. */
    private static RowCounts counts(Rows rows, Optional<RowCounts.Reference> reference) {
        RowCounts counts = new RowCounts(BINS, 2, reference);
        counts.count(rows.select(new int[] {0, 1}));
        RowCounts others = new RowCounts(BINS, 2, reference);
        others.count(rows.select(new int[] {2, 3}));
        counts.add(others);
        counts.finish();
        return counts;
    }

    @Test
    void valuesAreCountedByBlockClassAndBin() {
        for (Rows rows : List.of(BYTES, FLOATS)) {
            RowCounts counts = counts(rows, Optional.empty());
            assertArrayEquals(new long[] {2, 2}, counts.rowsOfClass());
            assertArrayEquals(new long[] {2, 0}, counts.histograms().counts(0, 0));
            assertArrayEquals(new long[] {1, 1}, counts.histograms().counts(0, 1));
            assertArrayEquals(new long[] {1, 1, 0}, counts.histograms().counts(1, 0));
            assertArrayEquals(new long[] {0, 0, 2}, counts.histograms().counts(1, 1));
            assertArrayEquals(new long[] {1, 3}, counts.nonZero());
            assertArrayEquals(new float[] {0, 0}, counts.least());
            assertArrayEquals(new float[] {200, 5}, counts.greatest());
        }
    }

    @Test
    void anEdgeBelongsToTheBinAboveItForAnyValue() {
        Shape one = new Shape(1, 1);
        ValueBins bins = new ValueBins(new FeatureBlocks(one), new float[][] {{-1, 0.5f, 1, 255, 300}});
        float[] values = {-2, -1, 0.25f, 0.5f, 1, 254, 254.5f, 255, 256, 300, 301};
        RowCounts counts = new RowCounts(bins, 1, Optional.empty());
        counts.count(new FloatRows(1, values, new int[values.length]));
        counts.finish();
        assertArrayEquals(new long[] {1, 2, 1, 3, 2, 2}, counts.histograms().counts(0, 0));
    }

    @Test
    void zerosCountAsOutsideToo() {
        RowCounts.Reference reference = new RowCounts.Reference(BINS, new float[] {0, 1}, new float[] {100, 5});
        RowCounts counts = counts(BYTES, Optional.of(reference));
        assertArrayEquals(new long[] {1, 1}, counts.outside());
    }

    @Test
    void rowsOfTheSameValuesHaveTheSameHash() {
        for (Rows rows : List.of(BYTES, FLOATS)) {
            Rows selected = rows.select(new int[] {1, 3});
            assertEquals(rows.valuesHash(1), selected.valuesHash(0));
            assertEquals(rows.valuesHash(3), selected.valuesHash(1));
            for (int row = 0; row < 4; row++) {
                assertNotEquals(rows.valuesHash(row), rows.valuesHash((row + 1) % 4));
            }
        }
    }

    @Test
    void selectedRowsAreThoseAtThePositions() {
        for (Rows rows : List.of(BYTES, FLOATS)) {
            Rows selected = rows.select(Sampling.evenlySpaced(2, 4));
            assertEquals(2, selected.count());
            for (int row = 0; row < 2; row++) {
                assertEquals(rows.label(2 * row), selected.label(row));
                assertEquals(rows.value(2 * row, 0), selected.value(row, 0));
                assertEquals(rows.value(2 * row, 1), selected.value(row, 1));
            }
        }
    }

    @Test
    void bytesAreCountedInTheBinsOfAReferenceAsFloatsAre() {
        ValueBins other = new ValueBins(new FeatureBlocks(SHAPE), new float[][] {{1, 150}, {}});
        Optional<RowCounts.Reference> reference =
                Optional.of(new RowCounts.Reference(other, new float[] {0, 1}, new float[] {100, 5}));
        BlockHistograms bytes = counts(BYTES, reference).likeReference();
        BlockHistograms floats = counts(FLOATS, reference).likeReference();
        assertArrayEquals(new long[] {1, 0, 1}, bytes.counts(0, 1));
        for (int block = 0; block < 2; block++) {
            for (int label = 0; label < 2; label++) {
                assertArrayEquals(floats.counts(block, label), bytes.counts(block, label));
            }
        }
    }

    @Test
    void zerosLieBetweenNegativeAndPositiveValues() {
        float[][] rows = new float[100][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = new float[] {row - 30, row < 20 ? -1 : row < 60 ? 0 : row};
        }
        ValueBins bins = ValueBins.deciles(new FeatureBlocks(SHAPE), List.of(rows));
        assertArrayEquals(new float[] {-20, -10, 0, 10, 20, 30, 40, 50, 60}, bins.edges(0));
        assertArrayEquals(new float[] {0, 60, 70, 80, 90}, bins.edges(1));
    }

    @Test
    void binsHoldTenthsAndAHeavyValueHasItsOwn() {
        float[][] rows = new float[100][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = new float[] {row, row < 60 ? 0 : row};
        }
        ValueBins bins = ValueBins.deciles(new FeatureBlocks(SHAPE), List.of(rows));
        assertArrayEquals(new float[] {10, 20, 30, 40, 50, 60, 70, 80, 90}, bins.edges(0));
        assertArrayEquals(new float[] {60, 70, 80, 90}, bins.edges(1));
    }

    @Test
    void blocksOfAPictureAreCellsOfAGrid() {
        FeatureBlocks blocks = new FeatureBlocks(new Shape(28, 28));
        assertEquals(16, blocks.count());
        assertEquals(5, blocks.blockOf(7 * 28 + 13));
        assertEquals("pixels of lines 8-14, columns 8-14", blocks.name(5));
        assertEquals("feature 3", new FeatureBlocks(new Shape(1, 5)).name(2));
        FeatureBlocks wide = new FeatureBlocks(new Shape(1, 100));
        for (int feature = 0; feature < 100; feature++) {
            String[] ends = wide.name(wide.blockOf(feature))
                    .replaceAll("features? ", "")
                    .split("-");
            assertEquals(
                    true,
                    Integer.parseInt(ends[0]) <= feature + 1 && feature + 1 <= Integer.parseInt(ends[ends.length - 1]));
        }
    }
}
