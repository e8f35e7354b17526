package io.treegrad.formats;

import io.treegrad.data.CsvLabel;
import java.util.Optional;

/**
 * Which columns have the label, as the user says it: {@code first}, {@code last}, {@code none}, {@code one-hot:N}, the
 * number of a column from 1, or the name of a column.
 */
public record LabelChoice(String text) {
    public static final LabelChoice NONE = new LabelChoice("none");

    /** The place, unless the text is a name. A number may be a name too, which then has precedence. */
    Optional<CsvLabel> place() {
        return text.equals("1") ? Optional.of(CsvLabel.FIRST) : CsvLabel.parse(text);
    }

    /** Whether it is neither a name nor the number of a column. */
    public boolean isWord() {
        return place().isPresent() && !text.matches("[0-9]+");
    }
}
