package io.treegrad.formats;

import io.treegrad.data.TableLabel;
import java.util.Optional;

/**
 * Which columns have the label, as the user says it: {@code first}, {@code last}, {@code none}, {@code one-hot:N}, the
 * number of a column from 1, or the name of a column.
 */
public record LabelChoice(String text) {
    public static final LabelChoice NONE = new LabelChoice("none");

    /** The place, unless the text is a name. A number may be a name too, which then has precedence. */
    Optional<TableLabel> place() {
        return text.equals("1") ? Optional.of(TableLabel.FIRST) : TableLabel.parse(text);
    }

    /** Whether it is neither a name nor the number of a column. */
    public boolean isWord() {
        return place().isPresent() && !text.matches("[0-9]+");
    }
}
