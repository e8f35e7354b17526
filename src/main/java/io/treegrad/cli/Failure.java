package io.treegrad.cli;

import io.treegrad.common.Ending;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A failed command, as the user sees it. Never prints the words that schedulers search for in logs ("exit code:" and
 * the names of cluster applications and drivers).
 *
 * @param settings that fix it; shown as options, since only here it is known that the user gives them as such
 * @param bug exception whose stack trace is printed; null for a failure that the user can fix
 */
record Failure(int exitCode, String message, List<String> settings, Throwable bug) {
    private static final int MOST_LINES = 15;

    /** @param command that failed: only what are options of it are shown as such */
    static Failure of(Throwable thrown, Command command) {
        Ending ending = Ending.of(isProcessEnding() ? stopped(thrown) : thrown);
        Set<String> options =
                AllSettings.of(command).stream().map(Setting::name).collect(Collectors.toSet());
        List<String> fixing =
                ending.settings().stream().filter(options::contains).toList();
        return new Failure(ending.exitCode(), ending.message(), fixing, ending.isBug() ? thrown : null);
    }

    /**
     * Whether a signal is ending the process: where no run listens for it, Spark stops the application at once, and what
     * was being done fails in one way or another.
     */
    private static boolean isProcessEnding() {
        Thread hook = new Thread(() -> {}, "never started");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) { // as both say where they come too late
            return true;
        }
    }

    private static UserError stopped(Throwable thrown) {
        return new UserError(
                UserError.Kind.STOPPED,
                "Stopped by a signal, such as SIGTERM or SIGINT, before it was done. Run it again.",
                thrown);
    }

    void print(PrintStream err) {
        if (bug == null) {
            (Syntax.PROGRAM + ": " + message + options())
                    .lines()
                    .limit(MOST_LINES)
                    .forEach(err::println);
            return;
        }
        StringWriter stack = new StringWriter();
        bug.printStackTrace(new PrintWriter(stack));
        err.print(Redaction.redact(stack.toString()));
        err.println(Syntax.PROGRAM + ": this is a bug. Please report it with the lines above and the options used.");
    }

    /** The settings that fix it, as options; nothing if there are none. */
    private String options() {
        return settings.isEmpty()
                ? ""
                : settings.stream().map(name -> "--" + name).collect(Collectors.joining(", ", " See ", "."));
    }
}
