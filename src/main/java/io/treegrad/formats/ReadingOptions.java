package io.treegrad.formats;

import io.treegrad.data.DataReading;
import java.util.List;
import java.util.Optional;

/**
 * How files are to be read. What is left open here is found from the files.
 *
 * @param label empty: where the header, or the rows of {@code like}, say
 * @param transposed whether lines and columns of pictures are exchanged
 * @param labelsOptional whether the rows may have none
 * @param like rows that were read before, to which these belong
 */
public record ReadingOptions(
        Optional<LabelChoice> label,
        DropChoice drop,
        boolean transposed,
        boolean labelsOptional,
        Optional<Precedent> like) {
    /** Nothing is said. */
    public static final ReadingOptions AUTO =
            new ReadingOptions(Optional.empty(), DropChoice.AUTO, false, false, Optional.empty());

    /**
     * Rows that were read before.
     *
     * @param classes names of their classes
     */
    public record Precedent(DataReading reading, List<String> classes, int features) {}

    public ReadingOptions withLabel(LabelChoice choice) {
        return new ReadingOptions(Optional.of(choice), drop, transposed, labelsOptional, like);
    }

    public ReadingOptions withLike(Precedent rows) {
        return new ReadingOptions(label, drop, transposed, labelsOptional, Optional.of(rows));
    }

    /** Whether the user says that there are no labels. */
    boolean isUnlabelled() {
        return label.equals(Optional.of(LabelChoice.NONE));
    }

    /** The classes of the rows before, if there are any; otherwise those of the survey. */
    Classes classes(ClassSurvey survey) {
        return like.map(before -> new Classes(before.classes())).orElseGet(survey::classes);
    }

    /** The classes of the rows before, if there are any; otherwise these. */
    Classes classes(Classes found) {
        return like.map(before -> new Classes(before.classes())).orElse(found);
    }
}
