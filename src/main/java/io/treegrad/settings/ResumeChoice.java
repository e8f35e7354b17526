package io.treegrad.settings;

import java.util.List;
import java.util.Optional;

/** Whether a run goes on where an earlier attempt at it stopped. */
public sealed interface ResumeChoice {
    /** Words that mean that nothing is given, which no run may be called. */
    List<String> WORDS_FOR_NOTHING = List.of("none", "full", "all");

    /** How runs may be called. */
    String RUN_ID = "(?!(?:" + String.join("|", WORDS_FOR_NOTHING) + ")$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Empty if it is neither a choice nor the ID of a run. */
    static Optional<ResumeChoice> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(new Auto());
            case "never" -> Optional.of(new Never());
            default -> text.matches(RUN_ID) ? Optional.of(new Run(text)) : Optional.empty();
        };
    }

    /** Goes on if the run was begun, else begins it. */
    record Auto() implements ResumeChoice {}

    /** Begins anew. */
    record Never() implements ResumeChoice {}

    /** Goes on with this run, which must have a checkpoint. */
    record Run(String id) implements ResumeChoice {}
}
