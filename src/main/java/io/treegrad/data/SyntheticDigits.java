package io.treegrad.data;

import io.treegrad.network.SplitMix64;
import java.util.List;

/**
 * Digits drawn by the program itself in MNIST's shape: white strokes on black, 28x28, for a machine without data. Row
 * {@code i} is a pure function of (seed, part, i), with the same bits on every machine; all digits are equally likely.
 *
 * <p>A digit is a few strokes in the unit square, each a smooth curve. A row bends, slants,
 * stretches, turns and moves its strokes at random, shakes their ends, and inks every pixel by its distance to the
 * nearest stroke ({@link DigitPen}).
 *
 * @param seed of all rows
 * @param part rows of different parts are drawn from different streams: 0 for training, 1 for test
 * @param rows at least 1
 */
public record SyntheticDigits(long seed, int part, long rows) implements RowSource {
    private static final Shape SHAPE = new Shape(28, 28);
    private static final int CLASSES = 10;
    private static final long TRAIN_ROWS = 60_000;
    private static final long TEST_ROWS = 10_000;

    public SyntheticDigits {
        if (rows < 1 || rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "The number of synthetic rows is " + rows + ", expected 1 to " + Integer.MAX_VALUE + ".");
        }
    }

    /** As many rows as MNIST has: 60,000 and 10,000. */
    public static TrainAndTest trainAndTest(long seed) {
        return new TrainAndTest(new SyntheticDigits(seed, 0, TRAIN_ROWS), new SyntheticDigits(seed, 1, TEST_ROWS));
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public int classes() {
        return CLASSES;
    }

    @Override
    public boolean ofBytes() {
        return true;
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) {
        if (wanted.end() > rows) {
            throw new IndexOutOfBoundsException("Row " + (wanted.end() - 1) + " of " + rows + ".");
        }
        byte[] labels = new byte[Math.toIntExact(wanted.size())];
        byte[] values = new byte[Math.multiplyExact(labels.length, SHAPE.features())];
        DigitPen pen = new DigitPen();
        for (int i = 0; i < labels.length; i++) {
            SplitMix64 random = randomOf(wanted.at(i));
            labels[i] = (byte) random.nextInt(CLASSES);
            pen.draw(labels[i], random, values, i * SHAPE.features());
        }
        return ByteRowsBuilder.rowsOf(SHAPE.features(), values, labels);
    }

    @Override
    public int[] labels(Storage storage) {
        int[] labels = new int[Math.toIntExact(rows)];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = randomOf(row).nextInt(CLASSES);
        }
        return labels;
    }

    @Override
    public List<String> paths() {
        return List.of();
    }

    @Override
    public String describe() {
        return "synthetic digits of seed " + seed + ", part " + part + " (" + rows + " rows of " + SHAPE + ")";
    }

    private SplitMix64 randomOf(long row) {
        return new SplitMix64(SplitMix64.mix(seed, part, row));
    }
}
