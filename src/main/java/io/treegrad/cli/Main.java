package io.treegrad.cli;

import io.treegrad.common.UserError;
import io.treegrad.run.Summary;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.spark.ClusterExit;
import io.treegrad.spark.Logs;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The program: understands the command line, runs the command and turns what happens into an exit code. */
public final class Main {
    private final Map<Command, CommandAction> bodies;

    /** @param bodies the commands that are offered and what they do */
    Main(Map<Command, CommandAction> bodies) {
        this.bodies = new EnumMap<>(bodies);
    }

    public static void main(String[] args) {
        Logs.calmUnlessConfigured();
        IntConsumer exit = ClusterExit::exit;
        int code = new Main(bodies()).run(List.of(args), systemProperties(), Console.ofProcess());
        if (code != 0) {
            exit.accept(code);
        }
    }

    /** Every command there is. */
    static Map<Command, CommandAction> bodies() {
        return Map.of(
                Command.TRAIN,
                new TrainCommand(),
                Command.REPORT,
                new ReportCommand(),
                Command.EVALUATE,
                new EvaluateCommand(),
                Command.PREDICT,
                new PredictCommand(),
                Command.INSPECT,
                new InspectCommand(),
                Command.REPRODUCE,
                new ReproduceCommand(),
                Command.CHECK_GRADIENT,
                new CheckGradientCommand(),
                Command.FETCH_DATA,
                new FetchDataCommand(),
                Command.BENCH,
                new BenchCommand());
    }

    /**
     * Runs one command to its end.
     *
     * @param properties keys that begin with {@code spark.treegrad.} are settings; spark-submit hands them over as system
     *     properties
     * @return the exit code
     */
    int run(List<String> words, Map<String, String> properties, Console console) {
        boolean json = words.contains(Setting.JSON.option());
        Failure failure = null;
        try {
            Arguments arguments = Arguments.parse(words, bodies.keySet());
            if (arguments.wish() == Arguments.Wish.HELP || arguments.wish() == Arguments.Wish.VERSION) {
                answer(arguments, console);
                return 0;
            }
            Command command = arguments.command().orElseThrow();
            Settings settings =
                    new Settings(command, arguments.options(), arguments.config(), properties, console.directory());
            json = settings.flag(Setting.JSON);
            if (arguments.wish() == Arguments.Wish.PRINT_CONFIG) {
                PrintedConfig.print(settings, console.out());
                console.out().flush();
                return 0;
            }
            bodies.get(command).run(settings, arguments.paths(), console);
            if (json) {
                console.out().println(Summary.json(console.summary().succeeded()));
            }
            if (console.out().checkError() && (json || command != Command.TRAIN)) {
                throw new UserError(
                        UserError.Kind.CANNOT_WRITE,
                        "The result could not be written to standard output: expected an open pipe or file with room.");
            }
        } catch (Throwable thrown) {
            failure = Failure.of(thrown);
        }
        if (failure == null) {
            return 0;
        }
        failure.print(console.err());
        console.err().flush();
        if (json) {
            console.out().println(Summary.json(console.summary().failed(failure.exitCode(), failure.message())));
            console.out().flush();
        }
        return failure.exitCode();
    }

    private void answer(Arguments arguments, Console console) {
        if (arguments.wish() == Arguments.Wish.VERSION) {
            console.out()
                    .println(Syntax.PROGRAM + " " + version() + " (Java "
                            + Runtime.version().feature() + ")");
        } else {
            CommandLine help = arguments.command().map(Syntax::of).orElseGet(() -> Syntax.program(bodies.keySet()));
            console.out().print(help.getUsageMessage());
        }
        console.out().flush();
    }

    /** From the file that Maven puts into each jar; there is none when the classes run from a directory. */
    public static String version() {
        try (InputStream in = Main.class.getResourceAsStream("/META-INF/maven/io.treegrad/treegrad/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "(development)");
        } catch (IOException e) {
            return "(unknown)";
        }
    }

    private static Map<String, String> systemProperties() {
        Properties properties = System.getProperties();
        return properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(Settings.SPARK_PREFIX))
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }
}
