package io.treegrad.report;

import io.treegrad.data.FloatRows;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.network.Network;
import io.treegrad.network.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The test rows that a page shows as pictures. Immutable. */
public final class Gallery {
    private static final int WORST = 25;
    private static final int RANDOM = 10;
    private static final int OF_ONE_CLASS = 25;
    private static final int MOST_CLASSES = 50;
    private static final int MOST_IN_A_CELL = 12;
    /** Keeps the stream of this class apart from those of other users of the same seed. */
    private static final long STREAM = 0x47414C4C455259L; // "GALLERY"

    private final Shape shape;
    private final int rows;
    private final List<Example> worst;
    private final List<Example> random;
    private final List<Example> oneOfEach;
    private final List<Example> ofOneClass;
    private final List<Example> rotations;
    private final Map<Integer, List<Example>> confused;

    private Gallery(Network network, float[] theta, Scaling scaling, Rows rows, Shape shape, long seed) {
        Predictions predictions = new Predictions(network, theta, scaling);
        List<Predictions.Answer> answers = predictions.of(rows);
        PictureTaker taker = new PictureTaker(rows, shape, answers);
        SplitMix64 stream = new SplitMix64(SplitMix64.mix(seed, STREAM));
        this.shape = shape;
        this.rows = rows.count();

        // the most confident mistakes first, ties in row order
        List<Integer> wrong = IntStream.range(0, rows.count())
                .filter(row -> !answers.get(row).right())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) ->
                        answers.get(row).labelProbability() - answers.get(row).probability()))
                .toList();
        worst = taker.take(wrong.subList(0, Math.min(WORST, wrong.size())));
        random = taker.take(some(IntStream.range(0, rows.count()).boxed().toList(), RANDOM, stream));
        confused = new TreeMap<>();
        for (int row : wrong) {
            List<Example> cell = confused.computeIfAbsent(
                    answers.get(row).label() * network.classes()
                            + answers.get(row).predicted(),
                    key -> new ArrayList<>());
            if (cell.size() < MOST_IN_A_CELL) {
                cell.add(taker.take(row));
            }
        }

        Map<Integer, List<Integer>> byClass = new TreeMap<>();
        for (int row = 0; row < rows.count(); row++) {
            byClass.computeIfAbsent(rows.label(row), key -> new ArrayList<>()).add(row);
        }
        oneOfEach = taker.take(byClass.values().stream()
                .limit(MOST_CLASSES)
                .map(members -> members.get(0))
                .toList());
        // the class with the highest error rate has the most to show
        List<Integer> hardest = byClass.values().stream()
                .max(Comparator.comparingDouble(members -> (double) members.stream()
                                .filter(row -> !answers.get(row).right())
                                .count()
                        / members.size()))
                .orElse(List.of());
        ofOneClass = taker.take(some(hardest, OF_ONE_CLASS, stream));

        int upright = IntStream.range(0, rows.count())
                .filter(row -> answers.get(row).right())
                .findFirst()
                .orElse(0);
        rotations = shape.height() == shape.width() && rows.count() > 0
                ? rotations(predictions, rows, upright, shape.width())
                : List.of();
    }

    /**
     * Predicts all rows and chooses some of them: the most confident mistakes, some of each pair of confused classes,
     * random rows, one of each class, many of the class with the highest error rate, and one row in four rotations.
     *
     * @param theta only read
     * @param rows test rows; enough to choose from, few enough for memory; the page says how many
     * @param shape of the pictures
     * @param seed of the random choices
     */
    public static Gallery of(Network network, float[] theta, Scaling scaling, Rows rows, Shape shape, long seed) {
        if (!shape.isPicture() || shape.features() != rows.features() || rows.features() != network.features()) {
            throw new IllegalArgumentException("pictures of " + shape + " from rows of " + rows.features()
                    + " features for a network of " + network.features());
        }
        return new Gallery(network, theta, scaling, rows, shape, seed);
    }

    Shape shape() {
        return shape;
    }

    /** How many rows there were to choose from. */
    int rows() {
        return rows;
    }

    List<Example> worst() {
        return worst;
    }

    List<Example> random() {
        return random;
    }

    List<Example> oneOfEach() {
        return oneOfEach;
    }

    List<Example> ofOneClass() {
        return ofOneClass;
    }

    /** One row turned by 0, 90, 180 and 270 degrees counter-clockwise; empty if pictures are not square. */
    List<Example> rotations() {
        return rotations;
    }

    /**
     * Some rows of class {@code label} predicted as {@code predicted}, by the key {@code label * classes + predicted}.
     */
    Map<Integer, List<Example>> confused() {
        return confused;
    }

    private static List<Integer> some(List<Integer> rows, int count, SplitMix64 stream) {
        List<Integer> left = new ArrayList<>(rows);
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < count && !left.isEmpty()) {
            int at = stream.nextInt(left.size());
            chosen.add(left.get(at));
            left.set(at, left.get(left.size() - 1));
            left.remove(left.size() - 1);
        }
        return chosen;
    }

    private static List<Example> rotations(Predictions predictions, Rows rows, int row, int side) {
        int turns = 4;
        int features = side * side;
        float[] values = new float[turns * features];
        for (int turn = 0; turn < turns; turn++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    // a quarter turn counter-clockwise brings (side - 1 - y, x), counted (column, line), to (x, y)
                    values[turn * features + y * side + x] = turn == 0
                            ? rows.value(row, y * side + x)
                            : values[(turn - 1) * features + x * side + side - 1 - y];
                }
            }
        }
        int[] labels = new int[turns];
        Arrays.fill(labels, rows.label(row));
        Rows turned = new FloatRows(features, values, labels);
        PictureTaker taker = new PictureTaker(turned, new Shape(side, side), predictions.of(turned));
        return taker.take(IntStream.range(0, turns).boxed().toList());
    }

    /** Turns rows into examples, each row once. Values are stretched so that the largest of all is white. */
    private static final class PictureTaker {
        private final Rows rows;
        private final Shape shape;
        private final List<Predictions.Answer> answers;
        private final Map<Integer, Example> taken = new HashMap<>();
        private final PixelRange range;

        PictureTaker(Rows rows, Shape shape, List<Predictions.Answer> answers) {
            this.rows = rows;
            this.shape = shape;
            this.answers = answers;
            this.range = PixelRange.of(rows);
        }

        Example take(int row) {
            return taken.computeIfAbsent(
                    row, key -> new Example(row, range.pixels(rows, row, shape.features()), answers.get(row)));
        }

        List<Example> take(List<Integer> wanted) {
            return wanted.stream().map(this::take).toList();
        }
    }
}
