package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FeatureSumsTest {
    /** Sums over the rows, cut into shards of this many. */
    private static Scaling scaling(Rows rows, int shard) {
        FeatureSums total = new FeatureSums(rows);
        for (int first = 0; first < rows.count(); first += shard) {
            FeatureSums sums = new FeatureSums(rows);
            for (int row = first; row < Math.min(rows.count(), first + shard); row++) {
                sums.addRow(rows, row);
            }
            total.add(sums);
        }
        return total.standardScaling();
    }

    private static Rows column(float... values) {
        return new FloatRows(1, values, new int[values.length]);
    }

    @Test
    void aConstantFeatureHasNoDeviationWhateverItsValue() {
        for (float constant : new float[] {0.1f, -1e30f, 3e-20f, 16_777_215f}) {
            float[] values = new float[1000];
            Arrays.fill(values, constant);
            for (int shard : new int[] {1, 7, 1000}) {
                assertEquals(Scaling.standard(new float[] {constant}, new float[] {0}), scaling(column(values), shard));
            }
        }
    }

    @Test
    void smallDifferencesAroundALargeMeanAreNotLost() {
        float[] values = new float[1024];
        for (int row = 0; row < values.length; row++) {
            values[row] = 16_000_000 + row % 2; // mean 16,000,000.5, deviation 1/2
        }
        for (int shard : new int[] {1, 31, 1024}) {
            assertArrayEquals(new float[] {0.5f}, scaling(column(values), shard).deviation(), 1e-6f);
        }
    }

    @Test
    void meanAndDeviationAreThoseOfTheTextbook() {
        Rows rows = column(2, 4, 4, 4, 5, 5, 7, 9);
        for (int shard : new int[] {1, 3, 8}) {
            assertArrayEquals(new float[] {5}, scaling(rows, shard).mean());
            assertArrayEquals(new float[] {2}, scaling(rows, shard).deviation());
        }
    }

    @Test
    void ofBytesTheSumsAreExact() {
        Rows rows = ByteRowsBuilder.rowsOf(2, new byte[] {0, (byte) 255, (byte) 255, (byte) 255}, new byte[2]);
        assertEquals(Scaling.standard(new float[] {127.5f, 255}, new float[] {127.5f, 0}), scaling(rows, 1));
    }
}
