package io.treegrad.formats;

import java.util.List;
import java.util.Optional;

/**
 * Which columns are left out, as the user says it.
 *
 * @param columns names of columns, or their numbers from 1; empty for those that are found to have no values: an index
 *     of the rows, and nothing after the last separator
 */
public record DropChoice(Optional<List<String>> columns) {
    public static final DropChoice AUTO = new DropChoice(Optional.empty());

    /** {@code auto}, {@code none}, or names and numbers separated by commas. */
    public static Optional<DropChoice> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(AUTO);
            case "none" -> Optional.of(new DropChoice(Optional.of(List.of())));
            default -> {
                List<String> columns = List.of(text.split(",", -1));
                yield columns.stream().anyMatch(String::isBlank)
                        ? Optional.empty()
                        : Optional.of(new DropChoice(
                                Optional.of(columns.stream().map(String::strip).toList())));
            }
        };
    }
}
