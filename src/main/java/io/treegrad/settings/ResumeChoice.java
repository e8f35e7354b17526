package io.treegrad.settings;

import java.util.List;
import java.util.Optional;

/** Whether a run continues where an earlier attempt stopped. */
public sealed interface ResumeChoice {
    /** Words that mean "no value". They cannot be run IDs. */
    List<String> WORDS_FOR_NOTHING = List.of("none", "full", "all");

    /** A valid run ID, as a regular expression. */
    String RUN_ID = "(?!(?:" + String.join("|", WORDS_FOR_NOTHING) + ")$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Empty if it is neither a choice nor the ID of a run. */
    static Optional<ResumeChoice> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(new Auto());
            case "never" -> Optional.of(new Never());
            default -> text.matches(RUN_ID) ? Optional.of(new Run(text)) : Optional.empty();
        };
    }

    /** Continues the run if it was started, otherwise starts it. */
    record Auto() implements ResumeChoice {}

    /** Starts again. */
    record Never() implements ResumeChoice {}

    /** Continues this run, which must have a checkpoint. */
    record Run(String id) implements ResumeChoice {}
}
