package io.treegrad.settings;

import static io.treegrad.settings.Command.BENCH;
import static io.treegrad.settings.Command.CHECK_GRADIENT;
import static io.treegrad.settings.Command.EVALUATE;
import static io.treegrad.settings.Command.FETCH_DATA;
import static io.treegrad.settings.Command.INSPECT;
import static io.treegrad.settings.Command.PREDICT;
import static io.treegrad.settings.Command.REPORT;
import static io.treegrad.settings.Command.REPRODUCE;
import static io.treegrad.settings.Command.TRAIN;

import io.treegrad.common.Decimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Every setting, once. A setting of {@code train} is an option {@code --name}, a key {@code name} of a configuration
 * file and a Spark key {@code spark.treegrad.name}; its default stands in {@code conf/default.properties}. The settings
 * after these belong to other commands, are options only, and carry their default here.
 */
@SuppressWarnings("ImmutableEnumChecker") // a rule's predicate has no state
public enum Setting {
    DATA(
            Group.DATA,
            "WHAT",
            "auto, mnist, digits, synthetic, xor, seven-segment or a path",
            Rule.text("auto, mnist, digits, synthetic, xor, seven-segment or a path", "data/mnist"),
            TRAIN,
            EVALUATE,
            PREDICT,
            CHECK_GRADIENT),
    TEST_DATA(
            Group.DATA,
            "PATH",
            "Test rows: a directory or a file; auto: those that come with the data, if any",
            Rule.text("auto or a path", "auto"),
            TRAIN),
    FORMAT(
            Group.DATA,
            "NAME",
            "Of files: auto (by content), idx or csv",
            Rule.oneOf("auto", "idx", "csv"),
            TRAIN,
            EVALUATE,
            PREDICT,
            CHECK_GRADIENT),
    LABEL(
            Group.DATA,
            "WHERE",
            "CSV: last or first column, one-hot:N for the last N; none (only predict)",
            Rule.matching("last|first|none|one-hot:([2-9]|[1-9][0-9]{1,4})", "last, first, one-hot:N or none", "last"),
            TRAIN,
            EVALUATE,
            PREDICT,
            INSPECT,
            CHECK_GRADIENT),
    SPLIT(
            Group.DATA,
            "A,B,C",
            "Shares or numbers of rows for training, validation and test; or none",
            Rule.listOf(
                            Rules.ROWS_OR_FRACTION,
                            3,
                            3,
                            "three fractions that add up to 1 or three numbers of rows",
                            "0.6,0.2,0.2")
                    .where(split -> Rules.addsUpToOne(split) || Rules.areRows(split))
                    .or("none"),
            TRAIN),
    VALIDATION_ROWS(
            Group.DATA,
            "N",
            "The last N training rows are kept for validation; or none",
            Rule.whole(0, Integer.MAX_VALUE).or("none"),
            TRAIN),
    VALIDATION_FRACTION(
            Group.DATA,
            "F",
            "The same as a share of the training rows; or none",
            Rules.OPEN_FRACTION.or("none"),
            TRAIN),
    SCALE(
            Group.DATA,
            "NAME",
            "unit: [0, 1]; symmetric: [-1, 1]; standard: mean 0, deviation 1; none",
            Rule.oneOf("unit", "symmetric", "standard", "none"),
            TRAIN,
            CHECK_GRADIENT),

    HIDDEN(
            Group.NETWORK,
            "N,N,...",
            "Sizes of the hidden layers; or none",
            Rule.listOf(Rule.whole(1, 65_536), 1, 100, "whole numbers from 1 to 65536 separated by commas", "100,50")
                    .or("none"),
            TRAIN,
            CHECK_GRADIENT),
    HIDDEN_ACTIVATION(
            Group.NETWORK,
            "NAME,...",
            "sigmoid, tanh, relu or identity: one for all hidden layers, or one each",
            Rule.listOf(
                    Rule.oneOf("sigmoid", "tanh", "relu", "identity"),
                    1,
                    100,
                    "sigmoid, tanh, relu or identity, one or one a hidden layer separated by commas",
                    "relu,tanh"),
            TRAIN,
            CHECK_GRADIENT),
    OUTPUT_ACTIVATION(
            Group.NETWORK,
            "NAME",
            "softmax, sigmoid or identity",
            Rule.oneOf("softmax", "sigmoid", "identity"),
            TRAIN,
            CHECK_GRADIENT),
    OUTPUTS(
            Group.NETWORK,
            "N",
            "auto: one for each class; 1: a single one that tells two classes apart",
            Rule.oneOf("auto", "1"),
            TRAIN,
            CHECK_GRADIENT),
    LOSS(
            Group.NETWORK,
            "NAME",
            "cross-entropy, binary-cross-entropy or mse",
            Rule.oneOf("cross-entropy", "binary-cross-entropy", "mse"),
            TRAIN,
            CHECK_GRADIENT),
    REDUCTION(Group.NETWORK, "NAME", "Loss of a batch: mean or sum over its rows", Rule.oneOf("mean", "sum"), TRAIN),
    L2(Group.NETWORK, "F", "Weight decay: F times the weights is added to their gradient", Rules.NOT_NEGATIVE, TRAIN),
    BIAS(
            Group.NETWORK,
            "BOOL",
            "true or false: layers with a bias",
            Rule.oneOf("true", "false"),
            TRAIN,
            CHECK_GRADIENT),
    INIT(
            Group.NETWORK,
            "FORM",
            "glorot, he, normal:SIGMA or uniform:LIMIT",
            new Rule(
                    "glorot, he, normal:SIGMA or uniform:LIMIT with a number greater than 0",
                    "normal:0.1",
                    Form::isInitialisation),
            TRAIN,
            CHECK_GRADIENT),

    OPTIMIZER(
            Group.TRAINING,
            "NAME",
            "sgd, momentum, nesterov or adam",
            Rule.oneOf("sgd", "momentum", "nesterov", "adam"),
            TRAIN),
    MOMENTUM(
            Group.TRAINING,
            "F",
            "Share of the last step that momentum and nesterov keep",
            Rule.number("a number from 0 up to but not including 1", "0.9", 0, true, 1, false),
            TRAIN),
    LEARNING_RATE(
            Group.TRAINING,
            "F",
            "Step size, before the schedule",
            Rule.number("a number greater than 0, at most 1000000", "0.1", 0, false, 1e6, true),
            TRAIN),
    SCHEDULE(
            Group.TRAINING,
            "FORM",
            "step:EPOCHS:FACTOR, cosine[:FLOOR] or constant; warmup:EPOCHS+ before it if wanted",
            new Rule(
                    "[warmup:EPOCHS+] then constant, step:EPOCHS:FACTOR or cosine[:FLOOR]",
                    "warmup:1+cosine",
                    ScheduleForm::isSchedule),
            TRAIN),
    BATCH_SIZE(
            Group.TRAINING,
            "N",
            "Rows a step, over the whole cluster; or full",
            Rule.whole(1, Integer.MAX_VALUE).or("full"),
            TRAIN),
    EPOCHS(Group.TRAINING, "N", "Passes over the training rows", Rule.whole(1, 10_000_000), TRAIN),
    EVALUATE_EVERY(Group.TRAINING, "N", "Epochs from one evaluation to the next", Rule.whole(1, 10_000_000), TRAIN),
    PATIENCE(
            Group.TRAINING,
            "N",
            "Stop N epochs after the lowest validation loss, or (fall:N) after its last fall; keep the lowest; or none",
            Rule.whole(1, 10_000_000).orAfter(Setting.FALL).or("none"),
            TRAIN),
    TARGET_ACCURACY(Group.TRAINING, "F", "Stop at this validation accuracy; or none", Rules.ACCURACY.or("none"), TRAIN),
    WARM_START(
            Group.TRAINING,
            "MODEL",
            "Begin with the parameters of this model; or none",
            Rule.text("a path to a model, or none", "output"),
            TRAIN),
    SEED(
            Group.TRAINING,
            "N",
            "Decides first weights, order of rows and split",
            Rule.whole(Long.MIN_VALUE, Long.MAX_VALUE),
            TRAIN,
            CHECK_GRADIENT),

    ENGINE(
            Group.CLUSTER,
            "NAME",
            "auto, tree (a Spark job a step) or resident (tasks stay)",
            Rule.oneOf("auto", "tree", "resident"),
            TRAIN,
            REPRODUCE),
    SHARDS(
            Group.CLUSTER,
            "N",
            "Gradient shards: part of the result, like the batch size; or auto",
            Rule.whole(1, 65_536).or("auto"),
            TRAIN),
    PARTITIONS(
            Group.CLUSTER,
            "N",
            "Partitions of the rows: never changes the result; or auto",
            Rule.whole(1, 65_536).or("auto"),
            TRAIN,
            EVALUATE,
            PREDICT,
            REPRODUCE),
    TREE_DEPTH(Group.CLUSTER, "N", "Depth of the aggregation of the tree engine", Rule.whole(1, 16), TRAIN),
    BLAS(
            Group.CLUSTER,
            "NAME",
            "auto, native, vector or portable (same bits everywhere)",
            Rule.oneOf("auto", "native", "vector", "portable"),
            TRAIN,
            EVALUATE,
            PREDICT,
            BENCH,
            REPRODUCE,
            CHECK_GRADIENT),

    OUTPUT(
            Group.OUTPUT,
            "DIR",
            "Where runs and published versions go",
            Rule.text("a directory", "output"),
            TRAIN,
            REPRODUCE),
    RUN_ID(
            Group.OUTPUT,
            "ID",
            "Name of this run; or auto",
            Rule.matching(
                    // none, full and all mean that nothing is given
                    "(?!(?:none|full|all)$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
                    "1 to 64 letters, digits, points, hyphens and underscores, the first a letter or digit; not none,"
                            + " full or all",
                    "nightly-1"),
            TRAIN),
    CHECKPOINT_EVERY(
            Group.OUTPUT,
            "FORM",
            "Save every 1e (epochs), 100s (steps) or 5m (minutes), and at the end; or none",
            Rule.matching(
                            "[1-9][0-9]{0,8}[esm]",
                            "a whole number with e for epochs, s for steps or m for minutes behind it",
                            "5m")
                    .or("none"),
            TRAIN),
    KEEP(Group.OUTPUT, "N", "Keep the last N checkpoints of a run, and its best", Rule.whole(1, 1_000_000), TRAIN),
    RESUME(
            Group.OUTPUT,
            "WHAT",
            "auto: continue if --run-id was begun; never: begin anew; or a run's ID",
            Rule.matching("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "auto, never or the ID of a run", "nightly-1"),
            TRAIN),
    ALLOW_DATA_CHANGE(
            Group.OUTPUT, "", "Continue even where files have changed since", Rule.oneOf("true", "false"), TRAIN),
    KEEP_VERSIONS(
            Group.OUTPUT,
            "N",
            "Keep the last N published versions; or all",
            Rule.whole(1, 1_000_000).or("all"),
            TRAIN),
    MAX_REGRESSION(
            Group.OUTPUT,
            "F",
            "Publish nothing this much below the published model on the same test rows; or none",
            Rule.number("a number from 0 to 1", "0.005", 0, true, 1, true).or("none"),
            TRAIN),
    MIN_ACCURACY(
            Group.OUTPUT,
            "F",
            "Publish nothing below this test accuracy, exit 80; or none",
            Rules.ACCURACY.or("none"),
            TRAIN),
    PROGRESS(
            Group.OUTPUT,
            "NAME",
            "auto, bar, plain or none",
            Rule.oneOf("auto", "bar", "plain", "none"),
            TRAIN,
            EVALUATE,
            PREDICT,
            REPRODUCE),
    JSON(
            Group.OUTPUT,
            "",
            "The last line of standard output is the summary",
            Rule.oneOf("true", "false"),
            TRAIN,
            EVALUATE,
            PREDICT,
            INSPECT,
            FETCH_DATA,
            BENCH,
            REPRODUCE,
            REPORT,
            CHECK_GRADIENT),
    REPORT_PAGE(
            Group.OUTPUT,
            "BOOL",
            "true or false: write report/index.html of the run",
            Rule.oneOf("true", "false"),
            TRAIN) {
        @Override
        public String title() {
            return "report";
        }
    },
    COMPARE(Group.OUTPUT, "", "Lay the runs on one page", Rule.oneOf("true", "false"), "false", REPORT),
    PAGE(
            Group.OUTPUT,
            "FILE",
            "Where the comparison goes",
            Rule.text("a file", "comparison.html"),
            "comparison.html",
            REPORT),

    MODEL(
            Group.MODEL,
            "PATH",
            "An output directory, a version in it, or a model.safetensors",
            Rule.text("a path", "output"),
            "output",
            EVALUATE,
            PREDICT),
    LIMIT(
            Group.DATA,
            "N",
            "Predict the first N rows only; or none",
            Rule.whole(1, Integer.MAX_VALUE).or("none"),
            "none",
            PREDICT),
    FORMAT_OUT(Group.OUTPUT, "NAME", "csv or jsonl", Rule.oneOf("csv", "jsonl"), "csv", PREDICT),
    PREDICTIONS(
            Group.OUTPUT,
            "FILE",
            "Where the predictions go; - is standard output",
            Rule.text("a file or -", "-"),
            "-",
            PREDICT) {
        @Override
        public String title() {
            return "output";
        }
    },
    ROWS(
            Group.DATA,
            "N",
            "Check the gradient over the first N training rows",
            Rule.whole(1, 1000),
            "5",
            CHECK_GRADIENT),
    SEEDS(
            Group.TRAINING,
            "N,N,...",
            "One run for each seed",
            Rule.listOf(
                    Rule.whole(Long.MIN_VALUE, Long.MAX_VALUE), 1, 100, "whole numbers separated by commas", "1,2,3"),
            "1,2,3",
            REPRODUCE),
    TO(
            Group.DATA,
            "DIR",
            "Where the files go; auto: the download cache",
            Rule.text("a directory or auto", "data/mnist"),
            "auto",
            FETCH_DATA),
    HIDDEN_SIZES(
            Group.NETWORK,
            "N,N,...",
            "Sizes of the hidden layer to measure",
            Rule.listOf(Rule.whole(1, 65_536), 1, 100, "whole numbers from 1 to 65536 separated by commas", "100,800"),
            "100,800",
            BENCH),
    BATCH_SIZES(
            Group.TRAINING,
            "N,N,...",
            "Batch sizes to measure",
            Rule.listOf(Rule.whole(1, 60_000), 1, 100, "whole numbers from 1 to 60000 separated by commas", "100,1024"),
            "32,100,128,512,1024,8192",
            BENCH),
    SECONDS(
            Group.TRAINING,
            "F",
            "Warm-up and measurement of each line take this long each",
            Rule.number("a number from 0.1 to 600", "1", 0.1, true, 600, true),
            "1",
            BENCH);

    /** A heading of the help, in its order. */
    public enum Group {
        MODEL("Model"),
        DATA("Data"),
        NETWORK("Network"),
        TRAINING("Training"),
        CLUSTER("Cluster"),
        OUTPUT("Output");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        public String heading() {
            return heading;
        }
    }

    /** Begins a patience that waits for a loss lower than the epoch before, not lower than ever. */
    public static final String FALL = "fall:";

    /** Rules that more than one setting shares; nested, for an enum's constants cannot use its static fields. */
    private static final class Rules {
        static final Rule ROWS_OR_FRACTION =
                Rule.number("a number that is not negative", "0.2", 0, true, Integer.MAX_VALUE, true);
        static final Rule OPEN_FRACTION = Rule.number("a number between 0 and 1", "0.1", 0, false, 1, false);
        static final Rule ACCURACY = Rule.number("a number greater than 0, at most 1", "0.97", 0, false, 1, true);
        static final Rule NOT_NEGATIVE = Rule.number("a number from 0 to 1000000", "0.01", 0, true, 1e6, true);

        static boolean addsUpToOne(String fractions) {
            double sum = Arrays.stream(fractions.split(","))
                    .mapToDouble(fraction -> Decimal.number(fraction).orElseThrow())
                    .sum();
            return Math.abs(sum - 1) < 1e-9;
        }

        static boolean areRows(String split) {
            return Arrays.stream(split.split(","))
                    .allMatch(rows -> Decimal.whole(rows).isPresent());
        }
    }

    private final Group group;
    private final String label;
    private final String description;
    private final Rule rule;
    private final String ownDefault;
    private final Set<Command> commands;

    Setting(Group group, String label, String description, Rule rule, Command... commands) {
        this(group, label, description, rule, null, commands);
    }

    Setting(Group group, String label, String description, Rule rule, String ownDefault, Command... commands) {
        this.group = group;
        this.label = label;
        this.description = description;
        this.rule = rule;
        this.ownDefault = ownDefault;
        this.commands = Collections.unmodifiableSet(EnumSet.copyOf(List.of(commands)));
    }

    /** {@code learning-rate}: the option without its hyphens and the key in a file. */
    public String title() {
        return Command.kebab(name());
    }

    public String option() {
        return "--" + title();
    }

    String sparkKey() {
        return Settings.SPARK_PREFIX + title();
    }

    public Group group() {
        return group;
    }

    public String label() {
        return label;
    }

    public String description() {
        return description;
    }

    public Rule rule() {
        return rule;
    }

    Set<Command> commands() {
        return commands;
    }

    /** Whether files and Spark keys may hold it too: true of every setting of {@code train}. */
    public boolean isKey() {
        return ownDefault == null;
    }

    /** The default of a setting that is no key. */
    public String ownDefault() {
        return ownDefault;
    }
}
