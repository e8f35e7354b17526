package io.treegrad.cli;

import io.treegrad.data.IdxSource;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.Part;
import io.treegrad.data.PartRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Split;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.TrainAndTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The data of one training run, as the settings ask for it: which rows of which source are for what.
 *
 * @param kind {@code mnist}, {@code synthetic} or {@code path}
 * @param sentence what to tell the user of where it came from
 */
record DataParts(String kind, String sentence, RowSource trainSource, RowSource testSource, Split split) {

    /** Finds the data and checks the headers of its files. */
    static DataParts of(Settings settings, Storage storage, DataLocator locator) throws IOException {
        DataLocator.Location location = locator.locate(settings.text(Setting.DATA));
        long seed = settings.longInteger(Setting.SEED);
        TrainAndTest sources =
                switch (location.kind()) {
                    case MNIST -> TrainAndTest.mnist(storage, location.path());
                    case SYNTHETIC -> SyntheticDigits.trainAndTest(seed);
                    case PATH -> pathSources(settings, storage, location.path());
                };
        if (settings.isGiven(Setting.TEST_DATA)) {
            sources = new TrainAndTest(sources.train(), testSource(storage, settings.text(Setting.TEST_DATA)));
        }
        String kind = Command.kebab(location.kind().name());
        if (settings.isGiven(Setting.SPLIT)) {
            RowSource joined = new JoinedSource(sources.train(), sources.test());
            double[] shares = settings.numbers(Setting.SPLIT);
            Split split = Split.stratifiedFractions(joined.labels(storage), shares[0], shares[1], shares[2], seed);
            return new DataParts(kind, location.sentence(), joined, joined, split);
        }
        long rows = sources.train().rows();
        Split held = settings.isGiven(Setting.VALIDATION_FRACTION)
                ? Split.validationFraction(rows, settings.number(Setting.VALIDATION_FRACTION))
                : Split.validationRows(
                        rows, settings.optionalInteger(Setting.VALIDATION_ROWS).orElse(0));
        Split split = new Split(
                held.train(), held.validation(), RowSet.range(0, sources.test().rows()));
        return new DataParts(kind, location.sentence(), sources.train(), sources.test(), split);
    }

    private static TrainAndTest pathSources(Settings settings, Storage storage, String path) throws IOException {
        if (!storage.exists(path)) {
            return TrainAndTest.mnist(storage, path);
        }
        RowSource train = IdxSource.withLabelsBeside(storage, path);
        if (!settings.isGiven(Setting.TEST_DATA)) {
            throw settings.refusal(
                    Setting.DATA,
                    "a single images file brings no test rows. Give them with --test-data, or name the directory.");
        }
        return new TrainAndTest(train, train);
    }

    /** The test rows that belong to a location. */
    static RowSource testSource(Storage storage, DataLocator.Location location) throws IOException {
        return switch (location.kind()) {
            case MNIST, PATH -> testSource(storage, location.path());
            case SYNTHETIC -> SyntheticDigits.trainAndTest(1).test();
        };
    }

    /** Of a directory with the official names its test files, else the images file itself. */
    private static RowSource testSource(Storage storage, String path) throws IOException {
        return storage.exists(path)
                ? IdxSource.withLabelsBeside(storage, path)
                : TrainAndTest.mnist(storage, path).test();
    }

    long trainRows() {
        return split.train().size();
    }

    /** What goes to the executors; parts without rows are left out. */
    Map<Part, PartRows> onExecutors(StepPlan steps) {
        Map<Part, PartRows> parts = new EnumMap<>(Part.class);
        parts.put(Part.TRAIN, new PartRows(trainSource, split.train(), steps.shardPlan()));
        if (split.validation().size() > 0) {
            parts.put(Part.VALIDATION, PartRows.evaluated(trainSource, split.validation()));
        }
        if (split.test().size() > 0) {
            parts.put(Part.TEST, PartRows.evaluated(testSource, split.test()));
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
