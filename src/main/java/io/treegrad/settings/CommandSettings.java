package io.treegrad.settings;

import io.treegrad.model.PredictionColumns;
import io.treegrad.model.PredictionFormat;
import io.treegrad.training.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of single commands other than {@code train}: options only. */
public final class CommandSettings {
    public static final Setting<Boolean> COMPARE = Setting.of(
            "compare",
            SettingGroup.OUTPUT,
            "",
            "Compare the runs on one page",
            ValueParser.flag(),
            "false",
            Command.REPORT);

    public static final Setting<String> PAGE = Setting.of(
            "page",
            SettingGroup.OUTPUT,
            "FILE",
            "Where the comparison goes",
            ValueParser.text("a file", "comparison.html"),
            "comparison.html",
            Command.REPORT);

    public static final Setting<String> MODEL = Setting.of(
            "model",
            SettingGroup.MODEL,
            "PATH",
            "An output directory, a version in it, or a model.safetensors",
            ValueParser.text("a path", "output"),
            "output",
            Command.EVALUATE,
            Command.EXPORT,
            Command.PREDICT);

    public static final Setting<Optional<Integer>> LIMIT = Setting.of(
            "limit",
            SettingGroup.DATA,
            "N",
            "Predict the first N rows only; or none",
            ValueParser.whole(1, Integer.MAX_VALUE).orNothing("none"),
            "none",
            Command.PREDICT);

    /** Empty for none. */
    public static final Setting<Optional<String>> ID = Setting.of(
            "id",
            SettingGroup.DATA,
            "COLUMN",
            "Tables: a column that identifies a row, by name or number, to be written with it; or none",
            ValueParser.text("the name or number of a column", "id").orNothing("none"),
            "none",
            Command.PREDICT);

    public static final Setting<Integer> MAX_BAD_ROWS = Setting.of(
            "max-bad-rows",
            SettingGroup.DATA,
            "N",
            "Leave out up to N rows of CSV or LIBSVM that cannot be read, and tell where they are",
            ValueParser.whole(0, Integer.MAX_VALUE),
            "0",
            Command.PREDICT);

    /** Empty for row or ID, label and outputs. */
    public static final Setting<Optional<PredictionColumns>> COLUMNS = Setting.of(
            "columns",
            SettingGroup.OUTPUT,
            "LIST",
            "What is written: row (from 0), number (from 1), id, label, outputs, value, each with =NAME for another name; or auto",
            new ValueParser<>(
                            "row, number, id, label, outputs or value, separated by commas, each with =NAME if it shall have"
                                    + " another name, all different",
                            "number=ImageId,label=Label",
                            PredictionColumns::parse)
                    .orNothing("auto"),
            "auto",
            Command.PREDICT);

    public static final Setting<PredictionFormat> FORMAT_OUT = Setting.of(
            "format-out",
            SettingGroup.OUTPUT,
            "NAME",
            "%s",
            ValueParser.oneOf(PredictionFormat.class),
            "csv",
            Command.PREDICT);

    public static final Setting<String> PREDICTIONS = Setting.of(
            "output",
            SettingGroup.OUTPUT,
            "PATH",
            "Where the predictions go: a file (.csv, .jsonl), a new directory of part files, or - for standard output",
            ValueParser.text("a path or -", "-"),
            "-",
            Command.PREDICT);

    public static final Setting<String> EXPORTED = Setting.of(
            "output",
            SettingGroup.OUTPUT,
            "FILE",
            "Where the ONNX file goes",
            ValueParser.text("a file", "model.onnx"),
            "model.onnx",
            Command.EXPORT);

    /** Empty for all. */
    public static final Setting<Optional<Integer>> KEEP_RUNS = Setting.of(
            "keep-runs",
            SettingGroup.OUTPUT,
            "N",
            "prune: also remove the directories of runs but the last N; or all",
            ValueParser.whole(0, Integer.MAX_VALUE).orNothing("all"),
            "all",
            Command.MODELS);

    public static final Setting<Optional<Duration>> OLDER_THAN = Setting.of(
            "older-than",
            SettingGroup.OUTPUT,
            "AGE",
            "prune: only what is older than this, as in 12h or 30d; or none",
            ValueParser.duration("30d").orNothing("none"),
            "none",
            Command.MODELS);

    public static final Setting<Integer> ROWS = Setting.of(
            "rows",
            SettingGroup.DATA,
            "N",
            "Check the gradient over the first N training rows",
            ValueParser.whole(1, 1000),
            "5",
            Command.CHECK_GRADIENT);

    public static final Setting<List<Long>> SEEDS = Setting.of(
            "seeds",
            SettingGroup.TRAINING,
            "N,N,...",
            "One run for each seed",
            ValueParser.listOf(
                    ValueParser.wholeLong(Long.MIN_VALUE, Long.MAX_VALUE),
                    100,
                    "whole numbers separated by commas",
                    "1,2,3"),
            "1,2,3",
            Command.REPRODUCE);

    /** Empty for the download cache. */
    public static final Setting<Optional<String>> TO = Setting.of(
            "to",
            SettingGroup.DATA,
            "DIR",
            "Where the files go; auto: the download cache",
            ValueParser.text("a directory", "data/mnist").orNothing("auto"),
            "auto",
            Command.FETCH_DATA);

    public static final Setting<List<Integer>> HIDDEN_SIZES = Setting.of(
            "hidden-sizes",
            SettingGroup.NETWORK,
            "N,N,...",
            "Sizes of the hidden layer to measure",
            NetworkSettings.SIZES,
            "100,800",
            Command.BENCH);

    public static final Setting<List<Integer>> BATCH_SIZES = Setting.of(
            "batch-sizes",
            SettingGroup.TRAINING,
            "N,N,...",
            "Batch sizes to measure",
            ValueParser.listOf(
                    ValueParser.whole(1, 60_000), 100, "whole numbers from 1 to 60000 separated by commas", "100,1024"),
            "32,100,128,512,1024,8192",
            Command.BENCH);

    public static final Setting<Double> SECONDS = Setting.of(
            "seconds",
            SettingGroup.TRAINING,
            "F",
            "Each measurement takes this long, once the rate has settled",
            ValueParser.number("a number from 0.1 to 600", "1", number -> number >= 0.1 && number <= 600),
            "1",
            Command.BENCH,
            Command.PLAN);

    public static final Setting<SweepSearch> SEARCH = Setting.of(
            "search",
            SettingGroup.TRAINING,
            "FORM",
            "Try all combinations (grid) or N of them (random:N); with halving, only one of ETA (3) goes on to ETA times the epochs",
            new ValueParser<>(SweepSearch.FORMS, "random:27+halving:3", SweepSearch::parse),
            "grid",
            Command.SWEEP);

    /** Empty for the accuracy, or of numbers the RMSE. */
    public static final Setting<Optional<Metric>> RANK_BY = Setting.of(
            "rank-by",
            SettingGroup.OUTPUT,
            "METRIC",
            "The metric of the validation rows that tells which trial is best; auto: accuracy, or of numbers RMSE",
            ValueParser.oneOf(Metric.class).orNothing("auto"),
            "auto",
            Command.SWEEP);

    /** Empty for the defaults alone. */
    public static final Setting<Optional<String>> BASE = Setting.of(
            "config",
            SettingGroup.TRAINING,
            "NAME|FILE",
            "Settings of all trials from a preset or a properties file; or none",
            ValueParser.text("a preset or a file", "mlp-relu-minibatch").orNothing("none"),
            "none",
            Command.SWEEP);

    static final List<Setting<?>> ALL = List.of(
            COMPARE,
            PAGE,
            MODEL,
            LIMIT,
            ID,
            MAX_BAD_ROWS,
            COLUMNS,
            FORMAT_OUT,
            PREDICTIONS,
            EXPORTED,
            KEEP_RUNS,
            OLDER_THAN,
            ROWS,
            SEEDS,
            TO,
            HIDDEN_SIZES,
            BATCH_SIZES,
            SECONDS,
            BASE,
            SEARCH,
            RANK_BY);

    private CommandSettings() {}
}
