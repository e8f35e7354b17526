package io.treegrad.run;

import io.treegrad.data.BuiltInTable;
import io.treegrad.data.CsvLabel;
import io.treegrad.data.CsvSource;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.IdxSource;
import io.treegrad.data.RowSource;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.TrainAndTest;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import java.io.IOException;
import java.util.Optional;

/** Opens the data at a location, and reads it as the settings say. Of IDX files only the headers are read here. */
public final class DataSources {
    private static final Shape DIGIT = new Shape(8, 8);

    /** Evaluations use the digits of one fixed seed, so that they can be compared. */
    private static final long EVALUATED_SEED = 1;

    private final Settings settings;
    private final Storage storage;

    /**
     * The data at a location.
     *
     * @param test separate test rows; empty if there are none
     * @param kind {@code mnist}, {@code digits}, {@code synthetic}, the title of a built-in table, {@code idx} or
     *     {@code csv}
     */
    record Found(RowSource train, Optional<RowSource> test, String kind) {
        static Found of(TrainAndTest both, String kind) {
            return new Found(both.train(), Optional.of(both.test()), kind);
        }

        static Found only(RowSource train, String kind) {
            return new Found(train, Optional.empty(), kind);
        }
    }

    public DataSources(Settings settings, Storage storage) {
        this.settings = settings;
        this.storage = storage;
    }

    /** All training rows of a location. */
    public RowSource train(DataLocator.Location location) throws IOException {
        return find(location).train();
    }

    /**
     * The test rows of a location, or all its rows if it has no separate ones.
     *
     * @param trained how a model's training rows were read; these rows are read in the same way
     */
    public RowSource test(DataLocator.Location location, Optional<DataReading> trained) throws IOException {
        Found found = find(location, trained);
        return found.test().orElse(found.train());
    }

    Found find(DataLocator.Location location) throws IOException {
        return find(location, Optional.empty());
    }

    private Found find(DataLocator.Location location, Optional<DataReading> trained) throws IOException {
        String kind = location.kind().label();
        return switch (location.kind()) {
            case MNIST -> Found.of(TrainAndTest.mnist(storage, location.path()), kind);
            case DIGITS ->
                Found.only(
                        CsvSource.open(storage, location.path(), CsvLabel.LAST).shaped(DIGIT), kind);
            case SYNTHETIC -> Found.of(SyntheticDigits.trainAndTest(syntheticSeed()), kind);
            case BUILT_IN -> Found.only(BuiltInTable.open(location.path()), location.path());
            case PATH -> at(location.path(), trained);
            case AUTO -> throw new IllegalArgumentException("auto is a choice, expected a location");
        };
    }

    private long syntheticSeed() {
        return settings.command() == Command.TRAIN ? settings.get(TrainingSettings.SEED) : EVALUATED_SEED;
    }

    private Found at(String path, Optional<DataReading> trained) throws IOException {
        if (isDirectory(path)) {
            return Found.of(TrainAndTest.mnist(storage, path), DataFormat.IDX.label());
        }
        DataFormat format = format(path);
        return Found.only(file(path, format, trained), format.label());
    }

    /** A path that is not a file counts as a directory, unless it looks like a missing file. */
    private boolean isDirectory(String path) throws IOException {
        return !storage.exists(path) && !path.endsWith(".csv") && !path.endsWith(".gz");
    }

    /** The rows of one file: CSV, or pictures with their label file beside it. */
    public RowSource file(String path) throws IOException {
        return file(path, format(path), Optional.empty());
    }

    private RowSource file(String path, DataFormat format, Optional<DataReading> trained) throws IOException {
        return switch (format) {
            case IDX -> IdxSource.withLabelsBeside(storage, path);
            case CSV -> csv(path, trained.filter(reading -> reading.format() == DataFormat.CSV));
        };
    }

    private DataFormat format(String path) throws IOException {
        boolean specified = DataSettings.FORMAT.belongsTo(settings.command())
                && settings.get(DataSettings.FORMAT).isPresent();
        return specified ? settings.get(DataSettings.FORMAT).get() : DataFormat.of(storage, path);
    }

    private CsvSource csv(String path, Optional<DataReading> trained) throws IOException {
        Optional<CsvLabel> specified = settings.get(DataSettings.LABEL);
        if (specified.isEmpty()) {
            return trained.isPresent()
                    ? CsvSource.openLike(storage, path, trained.get())
                    : CsvSource.openByHeader(storage, path);
        }
        boolean unlabelled = specified.get().equals(CsvLabel.NONE);
        if (unlabelled && settings.command() != Command.PREDICT) {
            throw settings.refusal(
                    DataSettings.LABEL, "rows without labels can only be predicted. Say where they are.");
        }
        if (trained.isPresent()
                && !unlabelled
                && !specified.get().equals(trained.get().label())) {
            throw settings.refusal(
                    DataSettings.LABEL,
                    "expected " + trained.get().labelWords() + ", where the rows for training have it. Give auto, or"
                            + " leave it out.");
        }
        return CsvSource.open(storage, path, specified.get());
    }
}
