package io.treegrad.formats;

import io.treegrad.data.DataReading;
import io.treegrad.network.Task;
import java.util.List;
import java.util.Optional;

/**
 * How files are to be read. What is left open here is found from the files.
 *
 * @param label empty: where the header, or the rows of {@code like}, say
 * @param weight column of a table that says how many rows each row counts as: its name or its number from 1; empty for
 *     none, or where {@code like} says
 * @param task what is to be predicted
 * @param transposed whether lines and columns of pictures are exchanged
 * @param labelsOptional whether the rows may have none
 * @param like rows that were read before, to which these belong
 */
public record ReadingOptions(
        Optional<LabelChoice> label,
        DropChoice drop,
        Optional<String> weight,
        Task task,
        boolean transposed,
        boolean labelsOptional,
        Optional<Precedent> like) {
    /** Nothing is said. */
    public static final ReadingOptions AUTO =
            new ReadingOptions(Optional.empty(), DropChoice.AUTO, false, false, Optional.empty());

    /**
     * Rows that were read before.
     *
     * @param classes names of their classes; none if numbers are to be predicted
     */
    public record Precedent(DataReading reading, List<String> classes, int features) {}

    /** For rows of classes that all count the same. */
    public ReadingOptions(
            Optional<LabelChoice> label,
            DropChoice drop,
            boolean transposed,
            boolean labelsOptional,
            Optional<Precedent> like) {
        this(label, drop, Optional.empty(), Task.CLASSIFICATION, transposed, labelsOptional, like);
    }

    /** The same for numbers to predict, with the column of the weights if there is one. */
    public ReadingOptions forNumbers(Optional<String> weightColumn) {
        return new ReadingOptions(label, drop, weightColumn, Task.REGRESSION, transposed, labelsOptional, like);
    }

    public ReadingOptions withLabel(LabelChoice choice) {
        return new ReadingOptions(Optional.of(choice), drop, weight, task, transposed, labelsOptional, like);
    }

    public ReadingOptions withLike(Precedent rows) {
        return new ReadingOptions(label, drop, weight, task, transposed, labelsOptional, Optional.of(rows));
    }

    /** Whether numbers are to be predicted. */
    boolean hasNumbers() {
        return like.map(rows -> rows.classes().isEmpty()).orElse(task == Task.REGRESSION);
    }

    /** Whether the user says that there are no labels. */
    boolean isUnlabelled() {
        return label.equals(Optional.of(LabelChoice.NONE));
    }

    /** The classes of the rows before, if there are any; otherwise those of the survey. */
    Classes classes(ClassSurvey survey) {
        return hasNumbers()
                ? Classes.NONE
                : like.map(before -> new Classes(before.classes())).orElseGet(survey::classes);
    }

    /** The classes of the rows before, if there are any; otherwise these. */
    Classes classes(Classes found) {
        return like.map(before -> new Classes(before.classes())).orElse(found);
    }
}
