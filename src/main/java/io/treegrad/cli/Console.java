package io.treegrad.cli;

import io.treegrad.run.RunEnvironment;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The process environment of a command.
 *
 * @param out results only; shows no credentials
 * @param err logs, progress and failures; shows no credentials
 * @param directory base of relative local paths
 * @param summary receives the command's results; Main prints it with {@code --json}
 */
public record Console(
        PrintStream out, PrintStream err, Map<String, String> environment, Path directory, Summary summary) {
    public Console {
        out = new RedactedPrintStream(out);
        err = new RedactedPrintStream(err);
    }

    /** The same for a run. */
    RunEnvironment forRun() {
        return new RunEnvironment(err, environment, directory);
    }

    static Console ofProcess() {
        return new Console(System.out, System.err, System.getenv(), Path.of("").toAbsolutePath(), new Summary());
    }
}
