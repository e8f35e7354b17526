package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A training set and the test set that belongs to it. Both have the same shape, and the test set has no more classes
 * than the training set: anything else is an error here. {@link #warnings} are about data that is possible but odd.
 */
public record TrainAndTest(RowSource train, RowSource test) {
    private static final int LISTED_LABELS = 5;

    public TrainAndTest {
        if (!train.shape().equals(test.shape())) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    test.describe() + ": the rows have " + test.shape() + ", expected " + train.shape()
                            + " as in the training data " + train.describe() + "; use data of one shape.");
        }
        if (test.classes() > train.classes()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    test.describe() + ": there are " + test.classes() + " classes, expected at most " + train.classes()
                            + " as in the training data " + train.describe() + "; use data of the same classes.");
        }
    }

    /** The four official MNIST files, each with or without {@code .gz}, in a directory. */
    public static TrainAndTest mnist(Storage storage, String directory) throws IOException {
        String base = directory.endsWith("/") ? directory : directory + "/";
        List<String> names = List.of(
                "train-images-idx3-ubyte",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte");
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (storage.exists(base + name)) {
                found.add(base + name);
            } else if (storage.exists(base + name + ".gz")) {
                found.add(base + name + ".gz");
            } else {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    directory + ": without " + String.join(", ", missing)
                            + ", expected these MNIST files, plain or with .gz; run fetch-data or give another"
                            + " directory.");
        }
        return new TrainAndTest(
                IdxSource.open(storage, found.get(0), found.get(1)),
                IdxSource.open(storage, found.get(2), found.get(3)));
    }

    /**
     * Sentences about data that can be used but is probably wrong: a test set larger than the training set
     * (exchanged?), a training set without rows of a class, or with rows of one class only.
     *
     * @param rowsOfClass training rows of each class
     */
    public List<String> warnings(long[] rowsOfClass) {
        List<String> warnings = new ArrayList<>();
        if (test.rows() > train.rows()) {
            warnings.add("The test data " + test.describe() + " has more rows than the training data "
                    + train.describe() + ": are they exchanged?");
        }
        List<Integer> present = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        for (int label = 0; label < rowsOfClass.length; label++) {
            (rowsOfClass[label] > 0 ? present : missing).add(label);
        }
        if (present.size() == 1 && !missing.isEmpty()) {
            warnings.add("Every row of the training data " + train.describe() + " has label " + present.get(0)
                    + ": there is nothing to learn.");
        } else if (!missing.isEmpty()) {
            warnings.add("No row of the training data " + train.describe() + " has label " + listed(missing) + ".");
        }
        return warnings;
    }

    private static String listed(List<Integer> labels) {
        String first = String.join(
                " or ",
                labels.stream().limit(LISTED_LABELS).map(String::valueOf).toList());
        return labels.size() > LISTED_LABELS ? first + " or " + (labels.size() - LISTED_LABELS) + " others" : first;
    }
}
