package io.treegrad.testing;

import io.treegrad.formats.DropChoice;
import io.treegrad.formats.LabelChoice;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.network.Task;
import java.util.Optional;

/** How tests have files read. */
public final class Reading {
    private Reading() {}

    /** For rows of classes that all count the same. */
    public static ReadingOptions options(
            Optional<LabelChoice> label,
            DropChoice drop,
            boolean transposed,
            boolean labelsOptional,
            Optional<ReadingOptions.Precedent> like) {
        return new ReadingOptions(
                label, drop, Optional.empty(), Task.CLASSIFICATION, transposed, labelsOptional, like, Optional.empty());
    }

    /** For numbers to predict, with the column of the weights if there is one. */
    public static ReadingOptions numbers(Optional<String> weight) {
        return new ReadingOptions(
                Optional.empty(),
                DropChoice.AUTO,
                weight,
                Task.REGRESSION,
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }
}
