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
 * @param prediction present if the rows are only to be predicted: then labels are passed over
 */
public record ReadingOptions(
        Optional<LabelChoice> label,
        DropChoice drop,
        Optional<String> weight,
        Task task,
        boolean transposed,
        boolean labelsOptional,
        Optional<Precedent> like,
        Optional<ForPrediction> prediction) {
    /** Nothing is said. */
    public static final ReadingOptions AUTO = new ReadingOptions(
            Optional.empty(),
            DropChoice.AUTO,
            Optional.empty(),
            Task.CLASSIFICATION,
            false,
            false,
            Optional.empty(),
            Optional.empty());

    /**
     * How rows are read that are only predicted.
     *
     * @param features values of a row that the model takes; -1 if unknown
     * @param id the column that identifies a row, by name or number
     * @param passesOverBadRows whether rows that cannot be read are reported when they are read, and not before
     */
    public record ForPrediction(int features, Optional<String> id, boolean passesOverBadRows) {}

    /**
     * Rows that were read before.
     *
     * @param classes names of their classes; none if numbers are to be predicted
     */
    public record Precedent(DataReading reading, List<String> classes, int features) {
        /** Whether both are of tables with names of columns, and have none in common, so that columns are taken in order. */
        public boolean hasOtherColumns(DataReading other) {
            return !reading.features().isEmpty()
                    && !other.features().isEmpty()
                    && !CsvField.shareNames(reading.features(), other.features());
        }
    }

    ReadingOptions withLabel(LabelChoice choice) {
        return new ReadingOptions(
                Optional.of(choice), drop, weight, task, transposed, labelsOptional, like, prediction);
    }

    ReadingOptions withLike(Precedent rows) {
        return new ReadingOptions(label, drop, weight, task, transposed, labelsOptional, Optional.of(rows), prediction);
    }

    /** Whether numbers are to be predicted. */
    boolean hasNumbers() {
        return like.map(rows -> rows.classes().isEmpty()).orElse(task == Task.REGRESSION);
    }

    public ReadingOptions forPrediction(ForPrediction how) {
        return new ReadingOptions(label, drop, weight, task, transposed, true, like, Optional.of(how));
    }

    boolean passesOverBadRows() {
        return prediction.filter(ForPrediction::passesOverBadRows).isPresent();
    }

    /** The column that identifies a row. */
    Optional<String> id() {
        return prediction.flatMap(ForPrediction::id);
    }

    /** Whether the user says that there are no labels, or nobody wants to know them. */
    boolean isUnlabelled() {
        return prediction.isPresent() || label.equals(Optional.of(LabelChoice.NONE));
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
