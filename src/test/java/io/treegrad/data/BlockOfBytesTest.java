package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.treegrad.network.Activation;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.DenseBatch;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.SparseBatch;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pass over the non-zero bytes of rows against the same pass over all of their scaled values. */
class BlockOfBytesTest {
    private static final int ROWS = 150;

    @ParameterizedTest
    @ValueSource(strings = {"unit", "symmetric", "standard", "none"})
    void passOverNonZeroBytesIsThatOverAllValues(String name) {
        Rows digits = new SyntheticDigits(1, 0, ROWS).read(RowSet.range(0, ROWS), null);
        Scaling scaling = scaling(name, digits);
        for (boolean bias : new boolean[] {true, false}) {
            Network network = Network.dense(
                    List.of(784, 37, 10), List.of(Activation.TANH, Activation.SOFTMAX), bias, Loss.CROSS_ENTROPY);
            float[] theta = new Initialization.Glorot().parameters(network, 1);
            GradientSum ofBytes = gradient(network, theta, digits, scaling);
            GradientSum ofFloats = gradient(network, theta, FloatRows.of(digits), scaling);
            // sums of up to 784 · 150 terms in another order and other roundings of the inputs: about 1e-5 of the
            // largest
            float largest = 0;
            for (float g : ofFloats.gradient()) {
                largest = Math.max(largest, Math.abs(g));
            }
            assertArrayEquals(ofFloats.gradient(), ofBytes.gradient(), 2e-5f * largest, name);
            assertEquals(
                    ofFloats.counts().lossSum(),
                    ofBytes.counts().lossSum(),
                    1e-5 * ofFloats.counts().lossSum(),
                    name);
            assertEquals(ROWS, ofBytes.counts().rows());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 199, 300})
    void kindOfJoinedRowsDoesNotDependOnWhichAreWanted(int end) throws IOException {
        RowSource bytes = new SyntheticDigits(1, 0, 200);
        RowSource floats = new BuiltInFloats();
        RowSet wanted = RowSet.range(0, end);
        assertInstanceOf(ByteRows.class, new JoinedSource(List.of(bytes, bytes)).read(wanted, null));
        assertInstanceOf(FloatRows.class, new JoinedSource(List.of(bytes, floats)).read(wanted, null));
        assertInstanceOf(FloatRows.class, new JoinedSource(List.of(floats, bytes)).read(wanted, null));
    }

    /** The digits as a source of floats. */
    private record BuiltInFloats() implements RowSource {
        private static final SyntheticDigits DIGITS = new SyntheticDigits(1, 0, 200);

        @Override
        public long rows() {
            return DIGITS.rows();
        }

        @Override
        public Shape shape() {
            return DIGITS.shape();
        }

        @Override
        public int classes() {
            return DIGITS.classes();
        }

        @Override
        public Rows read(RowSet wanted, Storage storage) {
            return FloatRows.of(DIGITS.read(wanted, storage));
        }

        @Override
        public int[] labels(Storage storage) {
            return DIGITS.labels(storage);
        }

        @Override
        public List<String> paths() {
            return List.of();
        }

        @Override
        public String describe() {
            return "digits as floats";
        }
    }

    private static Scaling scaling(String name, Rows rows) {
        if (!name.equals("standard")) {
            return Scaling.of(name, new float[0], new float[0]);
        }
        FeatureSums sums = new FeatureSums(rows);
        for (int row = 0; row < rows.count(); row++) {
            sums.addRow(rows, row);
        }
        return sums.standardScaling();
    }

    private static GradientSum gradient(Network network, float[] theta, Rows rows, Scaling scaling) {
        Batch batch = rows.newBatch(rows.count());
        assertEquals(rows instanceof ByteRows ? SparseBatch.class : DenseBatch.class, batch.getClass());
        for (int row = 0; row < rows.count(); row++) {
            rows.addTo(batch, row, scaling);
        }
        GradientSum sum = new GradientSum(theta.length);
        new Backpropagation(network, rows.count()).gradient(theta, batch, sum);
        return sum;
    }
}
