package io.treegrad.run;

import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.RowSource;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.TableLabel;
import io.treegrad.data.TrainAndTest;
import io.treegrad.formats.BuiltInTable;
import io.treegrad.formats.CsvTable;
import io.treegrad.formats.DataChoice;
import io.treegrad.formats.DropChoice;
import io.treegrad.formats.Formats;
import io.treegrad.formats.IdxFiles;
import io.treegrad.formats.InputPaths;
import io.treegrad.formats.LabelChoice;
import io.treegrad.formats.OpenedData;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.network.Task;
import io.treegrad.settings.Command;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Opens the data at a location, and reads it as the settings say. */
public final class DataSources {
    private static final Shape DIGIT = new Shape(8, 8);

    /** Commands without a seed use the digits of this one, so that their results can be compared. */
    private static final long EVALUATED_SEED = 1;

    private final Settings settings;
    private final Storage storage;

    /**
     * The data at a location.
     *
     * @param kind {@code mnist}, {@code digits}, {@code synthetic}, the title of a built-in table, or the name of a
     *     format
     */
    record Found(OpenedData data, String kind) {
        static Found of(TrainAndTest both, String kind) {
            return new Found(new OpenedData(both.train(), Optional.of(both.test())), kind);
        }

        static Found only(RowSource train, String kind) {
            return new Found(new OpenedData(train, Optional.empty()), kind);
        }
    }

    public DataSources(Settings settings, Storage storage) {
        this.settings = settings;
        this.storage = storage;
    }

    /** All training rows of a location. */
    public RowSource train(DataLocator.Location location) throws IOException {
        return find(location).data().train();
    }

    /**
     * The test rows of a location, or all its rows if it has no separate ones.
     *
     * @param trained how a model's training rows were read; these rows are read in the same way
     */
    public RowSource test(DataLocator.Location location, Optional<ReadingOptions.Precedent> trained)
            throws IOException {
        OpenedData found = find(location, trained).data();
        return found.test().orElse(found.train());
    }

    Found find(DataLocator.Location location) throws IOException {
        return find(location, Optional.empty());
    }

    private Found find(DataLocator.Location location, Optional<ReadingOptions.Precedent> trained) throws IOException {
        String kind = location.kind().label();
        if (location.kind() != DataChoice.Kind.PATH && told(DataSettings.TASK).equals(Optional.of(Task.REGRESSION))) {
            throw settings.refusal(
                    DataSettings.TASK,
                    "the " + location.kind().label() + " data has classes, expected files with numbers. Give data.");
        }
        return switch (location.kind()) {
            case MNIST -> Found.of(IdxFiles.mnist(storage, location.path()), kind);
            case DIGITS ->
                Found.only(
                        CsvTable.open(storage, location.path(), TableLabel.LAST).shaped(DIGIT), kind);
            case SYNTHETIC -> Found.of(SyntheticDigits.trainAndTest(syntheticSeed()), kind);
            case BUILT_IN -> Found.only(BuiltInTable.open(location.path()), location.path());
            case PATH -> at(location.path(), trained);
            case AUTO -> throw new IllegalArgumentException("auto is a choice, expected a location");
        };
    }

    private long syntheticSeed() {
        return told(TrainingSettings.SEED).orElse(EVALUATED_SEED);
    }

    private Found at(String path, Optional<ReadingOptions.Precedent> trained) throws IOException {
        List<String> files = new InputPaths(storage).files(path);
        DataFormat format = format(files);
        Optional<ReadingOptions.Precedent> like =
                trained.filter(rows -> rows.reading().format().isTable() || !format.isTable());
        int features = trained.map(ReadingOptions.Precedent::features).orElse(-1);
        return new Found(Formats.open(format, storage, files, options(format, features, like)), format.label());
    }

    /** The rows at a path, read as the settings say. */
    public OpenedData at(String path) throws IOException {
        return at(path, Optional.empty()).data();
    }

    private DataFormat format(List<String> files) throws IOException {
        Optional<DataFormat> told = told(DataSettings.FORMAT).orElse(Optional.empty());
        return told.isPresent() ? told.get() : Formats.of(storage, files);
    }

    private <T> Optional<T> told(Setting<T> setting) {
        return setting.belongsTo(settings.command()) ? Optional.of(settings.get(setting)) : Optional.empty();
    }

    private ReadingOptions options(DataFormat format, int features, Optional<ReadingOptions.Precedent> trained) {
        Optional<LabelChoice> label = told(DataSettings.LABEL).orElse(Optional.empty());
        boolean unlabelled = label.equals(Optional.of(LabelChoice.NONE));
        boolean labelsOptional = settings.command() == Command.PREDICT || settings.command() == Command.INSPECT;
        if (unlabelled && !labelsOptional) {
            throw settings.refusal(
                    DataSettings.LABEL, "rows without labels can only be predicted. Say where they are.");
        }
        if (label.isPresent() && trained.isPresent() && format.isTable() && !unlabelled) {
            requireSame(label.get(), trained.get().reading());
        }
        ReadingOptions options = new ReadingOptions(
                label,
                told(DataSettings.DROP).orElse(DropChoice.AUTO),
                told(DataSettings.WEIGHT).orElse(Optional.empty()),
                told(DataSettings.TASK).orElse(Task.CLASSIFICATION),
                told(DataSettings.TRANSPOSED).orElse(false)
                        || trained.filter(rows -> rows.reading().transposed()).isPresent(),
                labelsOptional,
                trained,
                Optional.empty());
        return settings.command() == Command.PREDICT
                ? options.forPrediction(new ReadingOptions.ForPrediction(
                        features, settings.get(CommandSettings.ID), settings.get(CommandSettings.MAX_BAD_ROWS) > 0))
                : options;
    }

    private void requireSame(LabelChoice label, DataReading trained) {
        if (label.isWord() && !label.text().equals(trained.label().text())) {
            throw settings.refusal(
                    DataSettings.LABEL,
                    "expected " + trained.labelWords() + ", where the rows for training have it. Give auto, or leave it"
                            + " out.");
        }
    }
}
