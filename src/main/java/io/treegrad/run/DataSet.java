package io.treegrad.run;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Split;
import io.treegrad.data.SplitSizes;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import io.treegrad.data.TrainAndTest;
import io.treegrad.formats.DataChoice;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The data of one training run according to its settings: which rows of which source are used for what.
 *
 * @param kind of {@link DataSources.Found}
 * @param sentence tells the user where the data came from
 * @param isFallback whether it replaces data that is not available
 * @param testSource the training source if there are no test rows
 */
public record DataSet(
        String kind, String sentence, boolean isFallback, RowSource trainSource, RowSource testSource, Split split) {
    /** Rows that are held out where the user leaves it open, but at most one in so many: 5000 of MNIST's 60,000. */
    private static final int USUAL_HOLDOUT = 5000;

    private static final int SMALLEST_HOLDOUT_DIVISOR = 12;

    /** The table of labels by predictions of more classes fits into no message. */
    private static final int MOST_CLASSES = 4096;

    private static final int MOST_NAMED = 10;
    /** Pictures and labels, for training and for test. */
    private static final int MOST_NAMED_FILES = 4;

    /** A picture below such a directory, in that of its class. */
    private static final Pattern FOR_VALIDATION =
            Pattern.compile("(?i)(.*/)?(val|valid|validation)/[^/]+/[^/]+", Pattern.DOTALL);

    /** Finds the data and checks the headers of its files. */
    public static DataSet of(Settings settings, Storage storage, DataLocator locator) throws IOException {
        DataChoice choice = settings.get(DataSettings.CHOICE);
        DataLocator.Location location = locator.locate(choice);
        DataSources sources = new DataSources(settings, storage);
        DataSources.Found found = sources.find(location);
        RowSource train = found.data().train();
        if (train.classes() == 1) {
            throw ofOneClass(settings, train);
        }
        requireCountableClasses(train, storage);
        Optional<RowSource> test = found.data().test();
        Optional<String> testPath = settings.get(DataSettings.TEST_DATA);
        if (testPath.isPresent()) {
            Optional<ReadingOptions.Precedent> like = train.reading()
                    .map(reading -> new ReadingOptions.Precedent(reading, train.classNames(), train.features()));
            RowSource given = sources.test(locator.locate(new DataChoice(DataChoice.Kind.PATH, testPath.get())), like);
            test = Optional.of(new TrainAndTest(train, given).test());
        }
        String sentence = location.sentence() + filesHint(train) + labelHint(train) + picturesHint(train);
        boolean isFallback = choice.kind() == DataChoice.Kind.AUTO && location.kind() == DataChoice.Kind.SYNTHETIC;
        return split(settings, storage, found.kind(), sentence, isFallback, train, test);
    }

    /** The rows of a data set that was not found by its settings. */
    static DataSet of(Settings settings, Storage storage, RowSource rows) throws IOException {
        requireCountableClasses(rows, storage);
        return split(settings, storage, "rdd", "Data: " + rows.describe() + ".", false, rows, Optional.empty());
    }

    private static DataSet split(
            Settings settings,
            Storage storage,
            String kind,
            String sentence,
            boolean isFallback,
            RowSource train,
            Optional<RowSource> test)
            throws IOException {
        Optional<SplitSizes> sizes = settings.get(DataSettings.SPLIT);
        if (sizes.isPresent()) {
            RowSource all = test.isPresent() ? new JoinedSource(List.of(train, test.get())) : train;
            Split split = sizes.get().of(all.labels(storage), settings.get(TrainingSettings.SEED));
            return new DataSet(kind, sentence, isFallback, all, all, split);
        }
        Split held = held(settings, train.rows());
        RowSet testRows = RowSet.range(0, test.map(RowSource::rows).orElse(0L));
        return new DataSet(
                kind,
                sentence,
                isFallback,
                train,
                test.orElse(train),
                new Split(held.train(), held.validation(), testRows));
    }

    private static UserError ofOneClass(Settings settings, RowSource train) {
        String found = "every label of " + train.describe() + " is "
                + train.classNames().get(0) + ", expected at least two classes. ";
        return arePictures(train)
                ? settings.refusal(
                        DataSettings.CHOICE, found + "Give a directory that has one directory of pictures for each.")
                : settings.refusal(DataSettings.LABEL, found + "Say which column has the labels, such as first.");
    }

    private static boolean arePictures(RowSource source) {
        return source.reading()
                .filter(reading -> reading.format() == DataFormat.IMAGES)
                .isPresent();
    }

    /** @throws UserError BAD_DATA with the first row of a class that is too many */
    private static void requireCountableClasses(RowSource train, Storage storage) throws IOException {
        if (train.classes() <= MOST_CLASSES) {
            return;
        }
        int[] labels = train.labels(storage);
        int row = 0;
        while (labels[row] < MOST_CLASSES) {
            row++;
        }
        throw new UserError(
                        UserError.Kind.BAD_DATA,
                        "%s: found %d classes, expected at most %d: the label of row %d is number %d, counted from 0. Correct the row, or say which column has the labels."
                                .formatted(train.describe(), train.classes(), MOST_CLASSES, row + 1, labels[row]))
                .fixedBy(DataSettings.LABEL.name());
    }

    private static Split held(Settings settings, long rows) {
        Optional<Double> fraction = settings.get(DataSettings.VALIDATION_FRACTION);
        if (fraction.isPresent()) {
            return Split.validationFraction(rows, fraction.get());
        }
        OptionalInt wanted = settings.get(DataSettings.VALIDATION_ROWS).orElse(OptionalInt.of(0));
        return Split.validationRows(
                rows,
                wanted.isPresent() ? wanted.getAsInt() : Math.min(USUAL_HOLDOUT, rows / SMALLEST_HOLDOUT_DIVISOR));
    }

    private static String labelHint(RowSource source) {
        return source.reading()
                .filter(reading -> reading.format().isTable())
                .map(reading -> " Its label is " + reading.labelWords() + "." + weightHint(reading)
                        + droppedHint(reading) + namesHint(source))
                .orElse("");
    }

    private static String picturesHint(RowSource source) {
        if (!arePictures(source)) {
            return "";
        }
        List<String> paths = source.paths();
        long count = paths.stream()
                .filter(path -> FOR_VALIDATION.matcher(path).matches())
                .count();
        return " Its pictures are scaled and centred as the digits of MNIST are."
                + (count == 0 || count == paths.size()
                        ? ""
                        : " " + count + " of them lie below a directory for validation, which is read like the others:"
                                + " which rows are for validation is set by split or validation-rows.");
    }

    private static String weightHint(DataReading reading) {
        return reading.weight().isEmpty()
                ? ""
                : " Rows count as many times as " + Printable.quoted(reading.weight()) + " says.";
    }

    private static String droppedHint(DataReading reading) {
        return reading.dropped().isEmpty()
                ? ""
                : " Left out: "
                        + String.join(
                                ", ",
                                reading.dropped().stream()
                                        .map(Printable::quoted)
                                        .toList()) + ".";
    }

    private static String namesHint(RowSource source) {
        List<String> names = source.classNames();
        return names.equals(TrainedModel.numbered(names.size())) ? "" : " Classes: " + classNames(names) + ".";
    }

    /** The first names, as in a sentence. */
    static String classNames(List<String> names) {
        return Printable.list(names.stream().map(Printable::plain).toList(), MOST_NAMED);
    }

    private static String filesHint(RowSource source) {
        List<String> paths = source.paths();
        return paths.size() <= MOST_NAMED_FILES
                ? ""
                : " " + paths.size() + " files in the order of their names, from " + Printable.plain(paths.get(0))
                        + " to " + Printable.plain(paths.get(paths.size() - 1)) + ".";
    }

    /**
     * Where the label was found; {@code last} if no column is the label, as runs recorded before {@code auto} existed.
     */
    String labelPlace() {
        return labelPlace(trainSource.reading());
    }

    /** The same of rows that were read in this way. */
    static String labelPlace(Optional<DataReading> reading) {
        return reading.map(DataReading::label)
                .filter(label -> !label.equals(TableLabel.NONE))
                .orElse(TableLabel.LAST)
                .text();
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
