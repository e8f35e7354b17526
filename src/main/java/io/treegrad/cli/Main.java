package io.treegrad.cli;

import io.treegrad.common.UserError;
import io.treegrad.run.Platform;
import io.treegrad.settings.Command;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.spark.ClusterExit;
import io.treegrad.spark.Logs;
import io.treegrad.spark.StopSignal;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;

/** The program: parses the command line, runs the command and returns an exit code. */
public final class Main {
    private static final String LOST =
            "The result could not be written to standard output: expected an open pipe or file with room.";

    private final Map<Command, CommandAction> actions;

    /** @param actions the available commands and what they do */
    Main(Map<Command, CommandAction> actions) {
        this.actions = new EnumMap<>(actions);
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // text is English, and so are the numbers in it, in names and in files
        Logs.calmUnlessConfigured();
        StopSignal.endWithOneCode();
        int code = new Main(actions()).run(List.of(args), SettingsResolver.sparkKeys(), Console.ofProcess());
        if (code != 0) {
            ClusterExit.exit(code);
        }
    }

    /** All commands. */
    static Map<Command, CommandAction> actions() {
        Map<Command, CommandAction> actions = new EnumMap<>(Command.class);
        for (Command command : Command.values()) {
            actions.put(command, action(command));
        }
        return actions;
    }

    private static CommandAction action(Command command) {
        return switch (command) {
            case TRAIN -> new TrainCommand();
            case SWEEP -> new SweepCommand();
            case EVALUATE -> new EvaluateCommand();
            case PREDICT -> new PredictCommand();
            case CHECK_DATA -> new CheckDataCommand();
            case EXPORT -> new ExportCommand();
            case MODELS -> new ModelsCommand();
            case INSPECT -> new InspectCommand();
            case REPRODUCE -> new ReproduceCommand();
            case CHECK_GRADIENT -> new CheckGradientCommand();
            case REPORT -> new ReportCommand();
            case COMPLETION -> new CompletionCommand();
            case FETCH_DATA -> new FetchDataCommand();
            case BENCH -> new BenchCommand();
            case PLAN -> new PlanCommand();
        };
    }

    /**
     * Runs one command.
     *
     * @param properties keys that begin with {@code spark.treegrad.} are settings; spark-submit hands them over as
     *     system properties
     * @return the exit code
     */
    int run(List<String> words, Map<String, String> properties, Console console) {
        boolean json = words.contains(OutputSettings.JSON.option());
        Command command = Command.TRAIN;
        Failure failure = null;
        try {
            Arguments arguments = Arguments.parse(words, actions.keySet());
            if (arguments.purpose() == Arguments.Purpose.HELP || arguments.purpose() == Arguments.Purpose.VERSION) {
                answer(arguments, console);
                return 0;
            }
            command = arguments.command().orElseThrow();
            Settings settings = SettingsResolver.resolve(
                    command, arguments.options(), arguments.config(), properties, console.directory());
            json = settings.get(OutputSettings.JSON);
            if (arguments.purpose() == Arguments.Purpose.PRINT_CONFIG) {
                PrintedConfig.print(settings, console.out());
                requireWritten(console);
                return 0;
            }
            actions.get(command).run(settings, arguments.paths(), console);
            if (json) {
                console.out().println(console.summary().succeeded());
            }
            if (command == Command.TRAIN) {
                warnIfLost(console, json);
            } else {
                requireWritten(console);
            }
        } catch (Throwable thrown) {
            failure = Failure.of(thrown, command);
        }
        if (failure == null) {
            return 0;
        }
        failure.print(console.err());
        console.err().flush();
        if (json) {
            console.out().println(console.summary().failed(failure.exitCode(), failure.message()));
            console.out().flush();
        }
        return failure.exitCode();
    }

    /** @throws UserError CANNOT_WRITE if standard output is closed or full */
    private static void requireWritten(Console console) {
        if (console.out().checkError()) {
            throw new UserError(UserError.Kind.CANNOT_WRITE, LOST);
        }
    }

    /** A run has told its end in its record: a summary that nobody could read does not change it. */
    private static void warnIfLost(Console console, boolean json) {
        if (console.out().checkError() && json) {
            console.err().println("Warning: " + LOST + " It is in the run's run.json.");
        }
    }

    private void answer(Arguments arguments, Console console) {
        if (arguments.purpose() == Arguments.Purpose.VERSION) {
            console.out()
                    .println(Syntax.PROGRAM + " " + Platform.version() + " (Java "
                            + Runtime.version().feature() + ")");
        } else {
            CommandLine help = arguments.command().map(Syntax::of).orElseGet(() -> Syntax.program(actions.keySet()));
            console.out().print(help.getUsageMessage());
        }
        console.out().flush();
    }
}
