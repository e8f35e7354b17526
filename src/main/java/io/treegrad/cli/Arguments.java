package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.run.TextbookSystem;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Setting;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The parsed command line. Values of settings are not checked yet.
 *
 * @param command empty when only {@code --help} or {@code --version} was asked for
 * @param options each given setting, as written
 * @param paths positional arguments: paths, or the name of the system to reproduce
 */
record Arguments(
        Optional<Command> command,
        Purpose purpose,
        Map<Setting<?>, String> options,
        Optional<String> config,
        List<String> paths) {

    /** What Java puts in place of bytes that are not text in the locale's encoding. */
    private static final char UNDECODABLE = '\uFFFD';

    /** Options of spark-submit that are known to most of its users; none is one of ours. */
    private static final Set<String> OF_SPARK_SUBMIT = Set.of(
            "--master",
            "--deploy-mode",
            "--conf",
            "--properties-file",
            "--packages",
            "--repositories",
            "--jars",
            "--files",
            "--archives",
            "--queue",
            "--driver-memory",
            "--driver-cores",
            "--driver-class-path",
            "--driver-java-options",
            "--executor-memory",
            "--executor-cores",
            "--num-executors",
            "--total-executor-cores",
            "--principal",
            "--keytab",
            "--proxy-user");

    /** What the user wants of the command. */
    enum Purpose {
        RUN,
        HELP,
        VERSION,
        PRINT_CONFIG
    }

    /**
     * @param offered the available commands
     * @throws UserError USAGE
     */
    static Arguments parse(List<String> words, Set<Command> offered) {
        for (String word : words) {
            if (word.indexOf(UNDECODABLE) >= 0) {
                throw usage("The argument " + Printable.quoted(word)
                        + " has letters that this locale does not have: expected"
                        + " letters it can express. Set LC_ALL to a locale with UTF-8, such as C.UTF-8.");
            }
        }
        List<String> titles = offered.stream().map(Command::title).toList();
        String first = words.isEmpty() ? "" : words.get(0);
        if (first.equals("help")) {
            return parse(
                    Stream.concat(words.stream().skip(1), Stream.of("--help")).toList(), offered);
        }
        if (Set.of("-h", "--help").contains(first)) {
            return new Arguments(Optional.empty(), Purpose.HELP, Map.of(), Optional.empty(), List.of());
        }
        if (Set.of("-V", "--version").contains(first)) {
            return new Arguments(Optional.empty(), Purpose.VERSION, Map.of(), Optional.empty(), List.of());
        }
        if (words.isEmpty() || first.startsWith("-")) {
            return parse(Command.TRAIN, words, titles);
        }
        Command command = offered.stream()
                .filter(candidate -> candidate.title().equals(first))
                .findFirst()
                .orElseThrow(() -> usage("Unknown command " + Printable.quoted(first) + "."
                        + Suggestion.sentence(first, titles) + " Commands: " + String.join(", ", titles) + "."));
        return parse(command, words.subList(1, words.size()), titles);
    }

    private static Arguments parse(Command command, List<String> words, List<String> titles) {
        ParseResult result;
        try {
            result = Syntax.of(command).parseArgs(words.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            throw explained(command, words, e, titles);
        }
        if (result.isUsageHelpRequested()) {
            return new Arguments(Optional.of(command), Purpose.HELP, Map.of(), Optional.empty(), List.of());
        }
        refuseRepetition(command, words);
        Map<Setting<?>, String> options = new LinkedHashMap<>();
        for (Setting<?> setting : AllSettings.of(command)) {
            if (result.hasMatchedOption(setting.option())) {
                options.put(setting, String.valueOf((Object) result.matchedOptionValue(setting.option(), "")));
            }
        }
        boolean print = Syntax.readsConfig(command) && result.hasMatchedOption(Syntax.PRINT_CONFIG);
        Optional<String> config = Syntax.readsConfig(command)
                ? Optional.ofNullable(result.matchedOptionValue(Syntax.CONFIG, (String) null))
                : Optional.empty();
        String[] paths =
                result.hasMatchedPositional(0) ? result.matchedPositionalValue(0, new String[0]) : new String[0];
        return new Arguments(
                Optional.of(command),
                print ? Purpose.PRINT_CONFIG : Purpose.RUN,
                options,
                config,
                Arrays.asList(paths));
    }

    /** Picocli does not notice repetitions within the groups that give the help its headings. */
    private static void refuseRepetition(Command command, List<String> words) {
        Set<String> seen = new HashSet<>();
        for (String word : words.contains("--") ? words.subList(0, words.indexOf("--")) : words) {
            String name = word.split("=", 2)[0];
            if (name.startsWith("--") && !seen.add(name)) {
                throw usage(name + " is given twice: give it once. See " + command.title() + " --help.");
            }
        }
    }

    private static UserError explained(
            Command command, List<String> words, CommandLine.ParameterException e, List<String> titles) {
        String help = " See " + command.title() + " --help.";
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            Optional<String> paths = word.startsWith("-")
                    ? Optional.empty()
                    : optionOfPaths(words.subList(0, Math.max(0, words.indexOf(word))));
            return usage(paths.map(option -> "Unexpected argument " + Printable.quoted(word) + ": " + option
                                    + " takes several paths with commas between them, or a pattern in quotation marks.")
                            .orElseGet(() -> unknown(command, word, titles))
                    + help);
        }
        if (e instanceof CommandLine.MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return usage(missingValue(command, missing.getMissing().get(0)) + help);
        }
        return usage(Printable.plain(String.valueOf(e.getMessage())) + "." + help);
    }

    /** The last option of these words if it takes paths and has one already, as where a shell has replaced a pattern by paths. */
    private static Optional<String> optionOfPaths(List<String> before) {
        String option = before.size() < 2 ? "" : before.get(before.size() - 2);
        return Optional.of(option)
                .filter(Set.of(DataSettings.CHOICE.option(), DataSettings.TEST_DATA.option())::contains);
    }

    private static String unknown(Command command, String word, List<String> titles) {
        String name = word.split("=", 2)[0];
        if (word.startsWith("-")) {
            String unknown = "Unknown option " + Printable.quoted(name) + " of " + command.title() + ".";
            if (command == Command.SWEEP && isOption(name, Command.TRAIN)) {
                return unknown + " Its trials get settings of train as words: " + name.substring(2) + "=VALUE.";
            }
            if (OF_SPARK_SUBMIT.contains(name)) {
                return unknown + " It is one of spark-submit, whose options stand before the command: ./submit.sh "
                        + name + " VALUE -- " + command.title() + ".";
            }
            return unknown
                    + Suggestion.sentence(
                            name.startsWith("--") ? name : "-" + name,
                            Syntax.of(command).getCommandSpec().optionsMap().keySet());
        }
        String example = DataSettings.CHOICE.belongsTo(command) ? "--data " + Printable.plain(word) : "--name value";
        return "Unexpected argument " + Printable.quoted(word) + ": "
                + (titles.contains(word)
                        ? "the command comes first, then its options."
                        : "expected options such as " + example + ".");
    }

    private static boolean isOption(String name, Command command) {
        return AllSettings.of(command).stream()
                .anyMatch(setting -> setting.option().equals(name));
    }

    private static String missingValue(Command command, ArgSpec missing) {
        if (missing instanceof OptionSpec option) {
            String expected = AllSettings.of(command).stream()
                    .filter(setting -> setting.option().equals(option.longestName()))
                    .map(setting -> setting.parser().expected())
                    .findFirst()
                    .orElse("a preset or the path of a properties file");
            return option.longestName() + " has no value: expected " + expected + ".";
        }
        if (command == Command.SWEEP) {
            return "sweep has no setting: expected at least one NAME=VALUE, such as learning-rate=0.1.";
        }
        return command == Command.REPRODUCE
                ? "reproduce has no name: expected one of " + String.join(", ", TextbookSystem.presets()) + "."
                : command.title() + " has no path: expected one or more.";
    }

    private static UserError usage(String message) {
        return new UserError(UserError.Kind.USAGE, message);
    }
}
