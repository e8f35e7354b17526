package io.treegrad.data;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A training set and the test set that belongs to it. Both have the same shape, and the test set has no more classes
 * than the training set: anything else is an error here. {@link #warnings} are about data that is possible but odd.
 */
public record TrainAndTest(RowSource train, RowSource test) {
    private static final int LISTED_LABELS = 5;
    /** Of a validation set that lacks classes; below it, the rows were not mixed. */
    private static final double SMALL_CHANCE = 1e-3;

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
            warnings.add("Every row of the training data " + train.describe() + " has label " + listed(present)
                    + ": there is nothing to learn.");
        } else if (!missing.isEmpty()) {
            warnings.add("No row of the training data " + train.describe() + " has label " + listed(missing) + ".");
        }
        return warnings;
    }

    /**
     * A sentence about a validation set of other classes than the training set, as the last rows of a sorted file are.
     *
     * @param trained training rows of each class
     * @param validated validation rows of each class
     */
    public Optional<String> splitWarning(long[] trained, long[] validated) {
        int inTraining = 0;
        int inBoth = 0;
        List<Integer> inValidationOnly = new ArrayList<>();
        for (int label = 0; label < trained.length; label++) {
            inTraining += trained[label] > 0 ? 1 : 0;
            inBoth += trained[label] > 0 && validated[label] > 0 ? 1 : 0;
            if (trained[label] == 0 && validated[label] > 0) {
                inValidationOnly.add(label);
            }
        }
        boolean few = chanceOfSoFewClasses(trained, validated) < SMALL_CHANCE;
        if (inValidationOnly.isEmpty() && !few) {
            return Optional.empty();
        }
        return Optional.of((few
                        ? "The validation rows have " + inBoth + " of the " + inTraining + " classes"
                        : "No training row has label " + listed(inValidationOnly) + ", as validation rows have")
                + ": the rows seem to be sorted by their labels. Set split, such as 0.8,0.1,0.1, to mix them.");
    }

    /**
     * A bound on the chance that the {@code v} validation rows have so few of the {@code k} classes if all rows are mixed:
     * {@code C(k, m) s^v} where they have {@code m} classes, and {@code s} is the share of the rows that these have.
     */
    private static double chanceOfSoFewClasses(long[] trained, long[] validated) {
        int[] present = IntStream.range(0, trained.length)
                .filter(label -> trained[label] + validated[label] > 0)
                .toArray();
        double rows = Arrays.stream(trained).sum() + Arrays.stream(validated).sum();
        double rowsOfFew = 0;
        double logChoices = 0;
        int few = 0;
        for (int label : present) {
            if (validated[label] > 0) {
                rowsOfFew += trained[label] + validated[label];
                logChoices += Math.log((double) (present.length - few) / (few + 1));
                few++;
            }
        }
        return Math.exp(logChoices + Arrays.stream(validated).sum() * Math.log(rowsOfFew / rows));
    }

    private String listed(List<Integer> labels) {
        String first = String.join(
                " or ",
                labels.stream()
                        .limit(LISTED_LABELS)
                        .map(label -> Printable.plain(train.classNames().get(label)))
                        .toList());
        return labels.size() > LISTED_LABELS ? first + " or " + (labels.size() - LISTED_LABELS) + " others" : first;
    }
}
