package io.treegrad.cli;

import io.treegrad.run.RunEnvironment;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command sees of the world around the process.
 *
 * @param out results only; shows no credentials
 * @param err logs, progress and failures; shows no credentials
 * @param directory what a relative local path is relative to
 * @param summary where the command puts what it learns; Main prints it with {@code --json}
 */
public record Console(
        PrintStream out, PrintStream err, Map<String, String> environment, Path directory, Summary summary) {
    public Console {
        out = new RedactedPrintStream(out);
        err = new RedactedPrintStream(err);
    }

    /** What a run sees of it. */
    RunEnvironment forRun() {
        return new RunEnvironment(err, environment, directory);
    }

    static Console ofProcess() {
        return new Console(System.out, System.err, System.getenv(), Path.of("").toAbsolutePath(), new Summary());
    }
}
