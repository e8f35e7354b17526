package io.treegrad.settings;

import static io.treegrad.settings.Command.CHECK_DATA;
import static io.treegrad.settings.Command.CHECK_GRADIENT;
import static io.treegrad.settings.Command.EVALUATE;
import static io.treegrad.settings.Command.INSPECT;
import static io.treegrad.settings.Command.PREDICT;
import static io.treegrad.settings.Setting.Effect.DECIDES_RESULT;
import static io.treegrad.settings.Setting.Effect.KEEPS_RESULT;
import static io.treegrad.settings.SettingGroup.DATA;

import io.treegrad.data.DataFormat;
import io.treegrad.data.RowRange;
import io.treegrad.data.ScalingMethod;
import io.treegrad.data.SplitSizes;
import io.treegrad.formats.DataChoice;
import io.treegrad.formats.DropChoice;
import io.treegrad.formats.LabelChoice;
import io.treegrad.network.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which rows are used, and how they are read. Paths and formats of files do not affect the result: a resumed run
 * compares the content of the files.
 */
public final class DataSettings {
    public static final Setting<DataChoice> CHOICE = Setting.ofTrain(
            "data",
            DATA,
            "WHAT",
            String.join(", ", DataChoice.names()) + " or paths",
            ValueParser.text(String.join(", ", DataChoice.names()) + " or paths", "data/mnist")
                    .map(DataChoice::parse),
            KEEPS_RESULT,
            EVALUATE,
            PREDICT,
            CHECK_DATA,
            CHECK_GRADIENT);

    public static final Setting<Optional<String>> TEST_DATA = Setting.ofTrain(
            "test-data",
            DATA,
            "PATH",
            "Test rows: files or directories; auto: those that come with the data, if any",
            ValueParser.text("a path", "data/test").orNothing("auto"),
            KEEPS_RESULT,
            CHECK_DATA);

    public static final Setting<Optional<DataFormat>> FORMAT = Setting.ofTrain(
            "format",
            DATA,
            "NAME",
            "File format: %s (detected)",
            ValueParser.oneOf(DataFormat.class).orNothing("auto"),
            KEEPS_RESULT,
            EVALUATE,
            PREDICT,
            CHECK_DATA,
            CHECK_GRADIENT);

    /** Empty means: where the header or the model says, otherwise the last column. */
    public static final Setting<Optional<LabelChoice>> LABEL = Setting.ofTrain(
            "label",
            DATA,
            "WHERE",
            "Tables: auto (by header or model, else last), a column's name or number, first, last, one-hot:N, none",
            ValueParser.text("the name or number of a column, first, last, one-hot:N or none", "last")
                    .map(LabelChoice::new)
                    .orNothing("auto"),
            DECIDES_RESULT,
            EVALUATE,
            PREDICT,
            INSPECT,
            CHECK_DATA,
            CHECK_GRADIENT);

    public static final Setting<DropChoice> DROP = Setting.ofTrain(
            "drop",
            DATA,
            "COLUMNS",
            "Tables: columns to leave out, by name or number; auto: an index of the rows; none",
            new ValueParser<>("names or numbers of columns separated by commas, auto or none", "id", DropChoice::parse),
            DECIDES_RESULT,
            EVALUATE,
            PREDICT,
            INSPECT,
            CHECK_DATA,
            CHECK_GRADIENT);

    /** Empty for none. */
    public static final Setting<Optional<String>> WEIGHT = Setting.ofTrain(
            "weight",
            DATA,
            "COLUMN",
            "Tables: the column that says how many rows each row counts as, by name or number; or none",
            ValueParser.text("the name or number of a column", "weight").orNothing("none"),
            DECIDES_RESULT,
            CHECK_GRADIENT,
            CHECK_DATA);

    public static final Setting<Task> TASK = Setting.ofTrain(
            "task",
            DATA,
            "NAME",
            "classification: the label is a class; regression: it is a number",
            ValueParser.oneOf(Task.class),
            DECIDES_RESULT,
            CHECK_GRADIENT,
            CHECK_DATA);

    public static final Setting<Boolean> TRANSPOSED = Setting.ofTrain(
            "transposed",
            DATA,
            "",
            "Exchange lines and columns of pictures, as EMNIST needs",
            ValueParser.flag(),
            DECIDES_RESULT,
            EVALUATE,
            PREDICT,
            INSPECT,
            CHECK_DATA,
            CHECK_GRADIENT);

    public static final Setting<Optional<SplitSizes>> SPLIT = Setting.ofTrain(
            "split",
            DATA,
            "A,B,C",
            "Shares or numbers of rows for training, validation and test; or none",
            new ValueParser<>(
                            "three fractions that add up to 1 or three numbers of rows",
                            "0.6,0.2,0.2",
                            SplitSizes::parse)
                    .orNothing("none"),
            DECIDES_RESULT,
            CHECK_DATA);

    /** Empty for none; a number that is empty for auto. */
    public static final Setting<Optional<OptionalInt>> VALIDATION_ROWS = Setting.ofTrain(
            "validation-rows",
            DATA,
            "N",
            "The last N training rows are kept for validation; auto: 5000, but at most a twelfth; or none",
            ValueParser.whole(0, Integer.MAX_VALUE)
                    .map(OptionalInt::of)
                    .or("auto", OptionalInt.empty())
                    .orNothing("none"),
            DECIDES_RESULT,
            CHECK_DATA);

    public static final Setting<Optional<Double>> VALIDATION_FRACTION = Setting.ofTrain(
            "validation-fraction",
            DATA,
            "F",
            "The same as a share of the training rows; or none",
            ValueParser.number("a number between 0 and 1", "0.1", number -> number > 0 && number < 1)
                    .orNothing("none"),
            DECIDES_RESULT,
            CHECK_DATA);

    public static final Setting<ScalingMethod> SCALE = Setting.ofTrain(
            "scale",
            DATA,
            "NAME",
            "unit: [0, 1]; symmetric: [-1, 1]; standard: mean 0, deviation 1; none; or auto",
            ValueParser.oneOf(ScalingMethod.class),
            DECIDES_RESULT,
            CHECK_GRADIENT);

    public static final Setting<Optional<RowRange>> EXPECT_ROWS = Setting.ofTrain(
            "expect-rows",
            DATA,
            "N|N..M",
            "Train only on as many rows, before any split; or any",
            new ValueParser<>("a number of rows, or two with .. between them", "50000..70000", RowRange::parse)
                    .orNothing("any"),
            KEEPS_RESULT,
            CHECK_DATA);

    /** Empty for no limit. */
    public static final Setting<Optional<Duration>> SETTLE = Setting.ofTrain(
            "settle",
            DATA,
            "AGE",
            "Exit with 75 if a file was written to within this time, as in 10m; or none",
            ValueParser.duration("10m").orNothing("none"),
            KEEPS_RESULT,
            CHECK_DATA);

    public static final Setting<Optional<String>> MANIFEST = Setting.ofTrain(
            "manifest",
            DATA,
            "FILE",
            "Exit with 65 if the files are not those in this list, such as inputs.json of a run; or none",
            ValueParser.text("a file", "runs/nightly-1/inputs.json").orNothing("none"),
            KEEPS_RESULT,
            CHECK_DATA);

    /** Empty for no limit: then a large drift is a warning. */
    public static final Setting<Optional<Double>> MAX_DRIFT = Setting.ofTrain(
            "max-drift",
            DATA,
            "F",
            "Exit with 80 if the data differs more from that of the published model, such as 0.25; or none",
            ValueParser.number("a number from 0 to 100", "0.25", number -> number >= 0 && number <= 100)
                    .orNothing("none"),
            KEEPS_RESULT,
            CHECK_DATA);

    /** Empty for no limit: then any is a warning. */
    public static final Setting<Optional<Double>> MAX_DUPLICATES = Setting.ofTrain(
            "max-duplicates",
            DATA,
            "F",
            "Exit with 65 if more than this share of the test rows are also training rows; or none",
            ValueParser.number("a number from 0 to 1", "0.001", number -> number >= 0 && number <= 1)
                    .orNothing("none"),
            KEEPS_RESULT,
            CHECK_DATA);

    static final List<Setting<?>> ALL = List.of(
            CHOICE,
            TEST_DATA,
            FORMAT,
            LABEL,
            DROP,
            WEIGHT,
            TASK,
            TRANSPOSED,
            SPLIT,
            VALIDATION_ROWS,
            VALIDATION_FRACTION,
            SCALE,
            EXPECT_ROWS,
            SETTLE,
            MANIFEST,
            MAX_DRIFT,
            MAX_DUPLICATES);

    private DataSettings() {}
}
