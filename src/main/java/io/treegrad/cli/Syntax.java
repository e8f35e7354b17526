package io.treegrad.cli;

import io.treegrad.run.TextbookSystem;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.ConfigFile;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The table of settings as a picocli specification, for parsing and for help (80 columns). */
final class Syntax {
    static final String CONFIG = "--config";
    static final String PRINT_CONFIG = "--print-config";

    static final String PROGRAM = "treegrad";

    private static final int LEFT_COLUMN = 34;

    private static final String[] EXIT_CODES = {
        "",
        "Exit codes:",
        "   0 done                       75 try again (lock held, no executors)",
        "   1 a bug                      78 bad configuration",
        "   2 usage                      80 quality gate not met, nothing published",
        "  65 bad data                   81 diverged (NaN or infinite)",
        "  66 input missing              82 no usable checkpoint",
        "  73 cannot write              143 stopped by SIGTERM after saving"
    };

    private Syntax() {}

    /** A parser of the arguments after the command. */
    static CommandLine of(Command command) {
        CommandSpec spec = CommandSpec.create().name(PROGRAM + " " + command.title());
        spec.usageMessage()
                .description(command.description())
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .longOptionsMaxWidth(LEFT_COLUMN)
                .footer(footer(command));
        if (command == Command.INSPECT) {
            addOperand(spec, "PATH", "0..*", "1..*", "A model, a checkpoint or a data file, or a directory of them");
        } else if (command == Command.REPORT) {
            addOperand(spec, "RUN", "0..*", "1..*", "The directory of a finished run, such as output/runs/nightly-7");
        } else if (command == Command.REPRODUCE) {
            addOperand(spec, "NAME", "0", "1", "One of " + String.join(", ", TextbookSystem.presets()));
        } else if (command == Command.SWEEP) {
            addOperand(
                    spec,
                    "NAME=VALUE",
                    "0..*",
                    "1..*",
                    "A setting of train; give a name several times to try several values");
        }
        if (command == Command.MODELS) {
            addOperand(
                    spec,
                    "ACTION",
                    "0..*",
                    "0..*",
                    "list, show VERSION, compare VERSION VERSION, promote VERSION, rollback, pin VERSION, unpin VERSION or"
                            + " prune; a VERSION is also the name of its run, champion or candidate");
        }
        addGroup(spec, "General", general(command));
        for (SettingGroup group : SettingGroup.values()) {
            addGroup(
                    spec,
                    group.heading(),
                    AllSettings.of(command).stream()
                            .filter(setting -> setting.group() == group)
                            .map(Syntax::option)
                            .toList());
        }
        return commandLine(spec);
    }

    /** The help of the program itself. */
    static CommandLine program(Set<Command> offered) {
        CommandSpec spec = CommandSpec.create().name(PROGRAM);
        List<String> footer = new ArrayList<>();
        footer.add("");
        footer.add("Without a command: train. Options of a command: treegrad COMMAND --help");
        footer.addAll(List.of(EXIT_CODES));
        spec.usageMessage()
                .description("Multilayer perceptrons trained by synchronous minibatch SGD on Apache Spark.")
                .synopsisHeading("")
                .customSynopsis("Usage: treegrad [COMMAND] [OPTIONS]")
                .optionListHeading("%n")
                .commandListHeading("%nCommands:%n")
                .footer(footer.toArray(String[]::new));
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this text")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version")
                .build());
        for (Command command : offered) {
            spec.addSubcommand(command.title(), of(command));
        }
        return commandLine(spec);
    }

    /** Whether the command reads settings from files and Spark keys. */
    static boolean readsConfig(Command command) {
        return DataSettings.CHOICE.belongsTo(command);
    }

    private static CommandLine commandLine(CommandSpec spec) {
        // A file named @x and a value like ${x} are the user's data and must not be expanded.
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setInterpolateVariables(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }

    private static void addOperand(CommandSpec spec, String label, String index, String arity, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel(label)
                .index(index)
                .arity(arity)
                .required(!arity.startsWith("0"))
                .type(String[].class)
                .description(description)
                .build());
    }

    private static void addGroup(CommandSpec spec, String heading, List<OptionSpec> options) {
        if (options.isEmpty()) {
            return;
        }
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .validate(false)
                .heading("%n" + heading + ":%n")
                .order(spec.argGroups().size());
        options.forEach(group::addArg);
        spec.addArgGroup(group.build());
    }

    private static List<OptionSpec> general(Command command) {
        List<OptionSpec> options = new ArrayList<>();
        if (readsConfig(command)) {
            options.add(OptionSpec.builder(CONFIG)
                    .paramLabel("NAME|FILE")
                    .type(String.class)
                    .arity("1")
                    .description("Settings from a preset (" + String.join(", ", ConfigFile.PRESETS)
                            + ") or a properties file")
                    .build());
            options.add(OptionSpec.builder(PRINT_CONFIG)
                    .type(boolean.class)
                    .arity("0")
                    .description("Show each setting and where it came from")
                    .build());
        }
        options.add(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this text")
                .build());
        return options;
    }

    private static OptionSpec option(Setting<?> setting) {
        boolean alone = setting.takesNoValue();
        return OptionSpec.builder(setting.option())
                .paramLabel(setting.placeholder())
                .type(alone ? boolean.class : String.class)
                .arity(alone ? "0" : "1")
                .description(setting.help() + (alone ? "" : " [" + AllSettings.defaultOf(setting) + "]"))
                .build();
    }

    private static String[] footer(Command command) {
        List<String> lines = new ArrayList<>(List.of("", "Examples:"));
        command.examples().forEach(example -> lines.add("  " + PROGRAM + " " + example));
        if (command == Command.TRAIN) {
            lines.add("");
            lines.add("Each option under a heading other than General is also a key of a --config");
            lines.add("file (learning-rate = 0.1) and a Spark key (spark.treegrad.learning-rate).");
            lines.add("The strongest wins: option, Spark key, file, default.");
        }
        lines.addAll(List.of(EXIT_CODES));
        return lines.toArray(String[]::new);
    }
}
