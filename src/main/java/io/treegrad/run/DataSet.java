package io.treegrad.run;

import io.treegrad.data.BuiltInTable;
import io.treegrad.data.CsvLabel;
import io.treegrad.data.CsvSource;
import io.treegrad.data.DataFormat;
import io.treegrad.data.IdxSource;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Shape;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Split;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.TrainAndTest;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data of one training run, as the settings ask for it: which rows of which source are for what.
 *
 * @param kind {@code mnist}, {@code digits}, {@code synthetic}, the title of a built-in table, {@code idx} or {@code csv}
 * @param sentence what to tell the user of where it came from
 * @param testSource the training source where there are no test rows
 */
public record DataSet(String kind, String sentence, RowSource trainSource, RowSource testSource, Split split) {
    private static final Shape DIGIT = new Shape(8, 8);
    private static final String ONE_HOT = "one-hot:";
    /** Unless the user says a number, at most this share of the training rows is held out: 5000 of MNIST's 60,000. */
    private static final int SMALLEST_HOLDOUT_DIVISOR = 12;

    /** What a location holds: training rows, and test rows where they are apart. */
    private record Found(RowSource train, Optional<RowSource> test) {
        static Found of(TrainAndTest both) {
            return new Found(both.train(), Optional.of(both.test()));
        }

        static Found only(RowSource train) {
            return new Found(train, Optional.empty());
        }
    }

    /** Finds the data and checks the headers of its files. */
    public static DataSet of(Settings settings, Storage storage, DataLocator locator) throws IOException {
        DataLocator.Location location = locator.locate(settings.text(Setting.DATA));
        Found found = find(settings, storage, location);
        RowSource train = found.train();
        if (train.classes() < 2) {
            throw settings.refusal(
                    Setting.LABEL,
                    "every label of " + train.describe() + " is 0 there and there is nothing to tell apart. Say which"
                            + " column has the labels.");
        }
        Optional<RowSource> test = found.test();
        if (settings.isGiven(Setting.TEST_DATA)) {
            RowSource given = pathTestSource(settings, storage, settings.text(Setting.TEST_DATA));
            test = Optional.of(new TrainAndTest(train, given).test());
        }
        DataSet parts;
        String kind = kind(location, train);
        String sentence = location.sentence() + scalingHint(settings, train);
        if (settings.isGiven(Setting.SPLIT)) {
            RowSource all = test.isPresent() ? new JoinedSource(train, test.get()) : train;
            parts = new DataSet(kind, sentence, all, all, split(settings, all.labels(storage)));
        } else {
            Split held = held(settings, train.rows());
            RowSet testRows = RowSet.range(0, test.map(RowSource::rows).orElse(0L));
            parts = new DataSet(
                    kind, sentence, train, test.orElse(train), new Split(held.train(), held.validation(), testRows));
        }
        if (parts.split.test().size() == 0 && settings.isGiven(Setting.MIN_ACCURACY)) {
            throw settings.refusal(
                    Setting.MIN_ACCURACY, "it is judged on test rows and there are none. Give --test-data or --split.");
        }
        return parts;
    }

    private static Split split(Settings settings, int[] labels) {
        long seed = settings.longInteger(Setting.SEED);
        double[] parts = settings.numbers(Setting.SPLIT);
        if (Arrays.stream(parts).sum() <= 1.5) { // fractions add up to 1, up to rounding
            return Split.stratifiedFractions(labels, parts[0], parts[1], parts[2], seed);
        }
        return Split.stratified(labels, (int) parts[0], (int) parts[1], (int) parts[2], seed);
    }

    private static Split held(Settings settings, long rows) {
        if (settings.isGiven(Setting.VALIDATION_FRACTION)) {
            return Split.validationFraction(rows, settings.number(Setting.VALIDATION_FRACTION));
        }
        long wanted = settings.optionalInteger(Setting.VALIDATION_ROWS).orElse(0);
        boolean byDefault = settings.value(Setting.VALIDATION_ROWS).rank() == Settings.Rank.DEFAULT;
        return Split.validationRows(rows, byDefault ? Math.min(wanted, rows / SMALLEST_HOLDOUT_DIVISOR) : wanted);
    }

    private static String kind(DataLocator.Location location, RowSource source) {
        return switch (location.kind()) {
            case MNIST, DIGITS, SYNTHETIC -> Command.kebab(location.kind().name());
            case BUILT_IN -> location.path();
            case PATH -> source instanceof CsvSource ? "csv" : "idx";
        };
    }

    /** Division by 255 is right for pixels and seldom for what else is in CSV files. */
    private static String scalingHint(Settings settings, RowSource source) {
        boolean hidden = source instanceof CsvSource
                && settings.value(Setting.SCALE).rank() == Settings.Rank.DEFAULT
                && settings.text(Setting.SCALE).equals("unit");
        return hidden
                ? " Its values are divided by 255, as for pixels; for others give --scale standard or --scale none."
                : "";
    }

    /** The training rows of a location, all that there are. */
    public static RowSource trainSource(Settings settings, Storage storage, DataLocator.Location location)
            throws IOException {
        return find(settings, storage, location).train();
    }

    /** The test rows of a location, or all rows where it has none apart. */
    public static RowSource testSource(Settings settings, Storage storage, DataLocator.Location location)
            throws IOException {
        if (location.kind() == DataLocator.Kind.PATH) {
            return pathTestSource(settings, storage, location.path());
        }
        Found found = find(settings, storage, location);
        return found.test().orElse(found.train());
    }

    private static Found find(Settings settings, Storage storage, DataLocator.Location location) throws IOException {
        return switch (location.kind()) {
            case MNIST -> Found.of(TrainAndTest.mnist(storage, location.path()));
            case DIGITS ->
                Found.only(
                        CsvSource.open(storage, location.path(), CsvLabel.LAST).shaped(DIGIT));
            case SYNTHETIC -> Found.of(SyntheticDigits.trainAndTest(syntheticSeed(settings)));
            case BUILT_IN -> Found.only(BuiltInTable.open(table(location.path())));
            case PATH ->
                isDirectory(storage, location.path())
                        ? Found.of(TrainAndTest.mnist(storage, location.path()))
                        : Found.only(fileSource(settings, storage, location.path()));
        };
    }

    /** Evaluations are of the digits of seed 1, so that they can be compared. */
    private static long syntheticSeed(Settings settings) {
        return settings.command() == Command.TRAIN ? settings.longInteger(Setting.SEED) : 1;
    }

    private static BuiltInTable.Name table(String title) {
        return Arrays.stream(BuiltInTable.Name.values())
                .filter(name -> name.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static RowSource pathTestSource(Settings settings, Storage storage, String path) throws IOException {
        return isDirectory(storage, path)
                ? TrainAndTest.mnist(storage, path).test()
                : fileSource(settings, storage, path);
    }

    /** A path that is no file is taken for a directory, unless it looks like a file that is missing. */
    private static boolean isDirectory(Storage storage, String path) throws IOException {
        return !storage.exists(path) && !path.endsWith(".csv") && !path.endsWith(".gz");
    }

    /** The rows of one file: CSV, or pictures with their labels beside. */
    public static RowSource fileSource(Settings settings, Storage storage, String path) throws IOException {
        boolean told = settings.command().settings().contains(Setting.FORMAT) && settings.isGiven(Setting.FORMAT);
        DataFormat format = told ? settings.choice(Setting.FORMAT, DataFormat.class) : DataFormat.of(storage, path);
        return switch (format) {
            case IDX -> IdxSource.withLabelsBeside(storage, path);
            case CSV -> CsvSource.open(storage, path, csvLabel(settings));
        };
    }

    private static CsvLabel csvLabel(Settings settings) {
        String label = settings.text(Setting.LABEL);
        return switch (label) {
            case "first" -> CsvLabel.FIRST;
            case "last" -> CsvLabel.LAST;
            case "none" -> {
                if (settings.command() != Command.PREDICT) {
                    throw settings.refusal(
                            Setting.LABEL, "rows without labels can only be predicted. Say where they are.");
                }
                yield CsvLabel.NONE;
            }
            default -> CsvLabel.oneHot(Integer.parseInt(label.substring(ONE_HOT.length())));
        };
    }

    public long trainRows() {
        return split.train().size();
    }

    /** What goes to the executors; parts without rows are left out. */
    public Map<Part, ShardedPart> onExecutors(StepPlan steps) {
        Map<Part, ShardedPart> parts = new EnumMap<>(Part.class);
        parts.put(Part.TRAIN, new ShardedPart(trainSource, split.train(), steps.shardPlan()));
        if (split.validation().size() > 0) {
            parts.put(Part.VALIDATION, ShardedPart.evaluated(trainSource, split.validation()));
        }
        if (split.test().size() > 0) {
            parts.put(Part.TEST, ShardedPart.evaluated(testSource, split.test()));
        }
        return parts;
    }

    /** Every file once. */
    List<String> paths() {
        List<String> paths = new ArrayList<>(trainSource.paths());
        testSource.paths().stream().filter(path -> !paths.contains(path)).forEach(paths::add);
        return paths;
    }
}
