package io.treegrad.settings;

import java.util.List;
import java.util.Optional;

/** Whether a run continues where an earlier attempt stopped. */
public sealed interface ResumeChoice {
    /** Words that mean a choice, or none. In no spelling can they be run IDs: a slip would name a run. */
    List<String> WORDS = List.of(
            "none", "no", "nothing", "null", "off", "false", "never", "yes", "on", "true", "always", "auto", "all",
            "full");

    /** A valid run ID, as a regular expression. */
    String RUN_ID = "(?!(?i:" + String.join("|", WORDS) + ")$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /**
     * The ID of a run. The names that Airflow gives to its runs hold colons and a plus sign, which no path on HDFS can have:
     * they become hyphens.
     */
    static Optional<String> parseRunId(String text) {
        return Optional.of(text.replace(':', '-').replace('+', '-')).filter(id -> id.matches(RUN_ID));
    }

    /** Empty if it is neither a choice nor the ID of a run. */
    static Optional<ResumeChoice> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(new Auto());
            case "never" -> Optional.of(new Never());
            default -> parseRunId(text).map(Run::new);
        };
    }

    /** Continues the run if it was started, otherwise starts it. */
    record Auto() implements ResumeChoice {}

    /** Starts again. */
    record Never() implements ResumeChoice {}

    /** Continues this run, which must have a checkpoint. */
    record Run(String id) implements ResumeChoice {}
}
