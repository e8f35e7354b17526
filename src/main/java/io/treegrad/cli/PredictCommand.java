package io.treegrad.cli;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSource;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.PredictionColumns;
import io.treegrad.model.PredictionFormat;
import io.treegrad.model.PredictionTable;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Task;
import io.treegrad.run.OutputPlace;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.Predictions;
import io.treegrad.storage.CurrentVersion;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.PartDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes label and outputs of each row as CSV, JSON lines or Parquet. */
final class PredictCommand implements CommandAction {
    /** Names of files; anything else is a directory of part files. */
    private static final Pattern FILE = Pattern.compile(".*\\.(csv|tsv|txt|json|jsonl|ndjson)", Pattern.DOTALL);

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        String target = settings.get(CommandSettings.PREDICTIONS);
        PredictionFormat format = settings.get(CommandSettings.FORMAT_OUT);
        if (!format.isText() && (target.equals("-") || FILE.matcher(target).matches())) {
            throw settings.refusal(
                    CommandSettings.FORMAT_OUT, "expected csv or jsonl for " + target + ": Parquet needs a directory.");
        }
        Cluster.prepareArithmetic().ifPresent(console.err()::println);
        try (Cluster cluster = Cluster.start("treegrad predict")) {
            HadoopStorage storage = cluster.storage();
            if (!target.equals("-")) {
                OutputPlace.path(settings, CommandSettings.PREDICTIONS, storage);
            }
            TrainedModel model = ModelFiles.read(
                    storage,
                    CurrentVersion.at(storage, settings.get(CommandSettings.MODEL), CommandSettings.MODEL.name()));
            PredictionColumns columns = columns(settings, model.network().task());
            RowSource source = EvaluateCommand.source(settings, storage, console, model);
            EvaluateCommand.requireFit(model, source);
            Predictions predictions = Predictions.of(
                    cluster,
                    source,
                    rowsToPredict(source.rows(), settings.get(CommandSettings.LIMIT)),
                    settings.get(ClusterSettings.PARTITIONS),
                    model,
                    new PredictionTable(format, columns, model),
                    settings.get(CommandSettings.MAX_BAD_ROWS));
            Predictions.Outcome outcome = write(predictions, storage, target, console);
            tellFaults(outcome, console);
            console.summary()
                    .put("rows", outcome.rows())
                    .put("badRows", outcome.badRows())
                    .put("output", target);
        }
    }

    /** Several files together may have more rows than an int counts. */
    static long rowsToPredict(long rows, Optional<Integer> limit) {
        return limit.isPresent() ? Math.min(rows, limit.get()) : rows;
    }

    private static PredictionColumns columns(Settings settings, Task task) {
        boolean hasId = settings.get(CommandSettings.ID).isPresent();
        Optional<PredictionColumns> told = settings.get(CommandSettings.COLUMNS);
        PredictionColumns columns = told.orElseGet(() -> PredictionColumns.standard(task, hasId));
        if (columns.has(PredictionColumns.Content.ID) != hasId) {
            throw settings.refusal(
                    CommandSettings.COLUMNS,
                    hasId
                            ? "expected id among them, since --id names a column with it."
                            : "expected a column that --id names, since id is to be written.");
        }
        if (!columns.areFor(task)) {
            throw settings.refusal(
                    CommandSettings.COLUMNS,
                    task == Task.REGRESSION
                            ? "expected value: the model predicts numbers and no classes."
                            : "expected label or outputs: the model predicts classes.");
        }
        return columns;
    }

    private static Predictions.Outcome write(
            Predictions predictions, HadoopStorage storage, String target, Console console) throws IOException {
        if (target.equals("-")) {
            Predictions.Outcome outcome = predictions.writeTo(console.out());
            if (console.out().checkError()) {
                throw new UserError(
                        UserError.Kind.CANNOT_WRITE,
                        "The predictions could not be written to standard output: expected an open pipe or a file with"
                                + " room.");
            }
            return outcome;
        }
        if (!FILE.matcher(target).matches()) {
            return predictions.writeTo(new PartDirectory(storage, target));
        }
        Predictions.Outcome[] outcome = new Predictions.Outcome[1];
        OutputDirectory.writeFile(
                storage, target, CommandSettings.PREDICTIONS.name(), out -> outcome[0] = predictions.writeTo(out));
        return outcome[0];
    }

    private static void tellFaults(Predictions.Outcome outcome, Console console) {
        if (outcome.badRows() > 0) {
            console.err().printf("%d rows cannot be read and are left out:%n", outcome.badRows());
            outcome.faults().forEach(fault -> console.err().println("  " + fault));
            if (outcome.badRows() > outcome.faults().size()) {
                console.err().println("  ...");
            }
        }
    }
}
