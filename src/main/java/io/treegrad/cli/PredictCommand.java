package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.ShardedPart;
import io.treegrad.model.Json;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.Task;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.NetworkOutputs;
import io.treegrad.spark.WorkSpec;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes label and probabilities of each row as CSV or JSON lines. */
final class PredictCommand implements CommandAction {
    /** Limits the rows that the driver holds at a time. */
    private static final int MOST_ROWS_OF_A_PARTITION = 50_000;

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        Arithmetic.prepare().ifPresent(console.err()::println);
        try (Cluster cluster = Cluster.start("treegrad predict")) {
            HadoopStorage storage = cluster.storage();
            TrainedModel model =
                    ModelFiles.read(storage, OutputDirectory.versionAt(storage, settings.get(CommandSettings.MODEL)));
            RowSource source = EvaluateCommand.source(settings, storage, console, model);
            EvaluateCommand.requireFit(model, source);
            long rowCount =
                    Math.min(source.rows(), settings.get(CommandSettings.LIMIT).orElse(Integer.MAX_VALUE));
            int slots = cluster.awaitSlots();
            int partitions = settings.get(ClusterSettings.PARTITIONS)
                    .orElse((int) Math.max(slots, rowCount / MOST_ROWS_OF_A_PARTITION + 1));
            ShardedPart part = ShardedPart.evaluated(source, RowSet.range(0, rowCount));
            WorkSpec spec = new WorkSpec(model.network(), model.scaling(), null);
            try (DistributedRows rows = new DistributedRows(cluster, Map.of(Part.TEST, part), partitions, storage);
                    PrintStream out = open(settings, console)) {
                rows.load();
                Lines lines =
                        switch (settings.get(CommandSettings.FORMAT_OUT)) {
                            case CSV -> new Csv(model, out);
                            case JSONL -> new JsonLines(model, out);
                        };
                NetworkOutputs.forEachPartition(rows, spec, model.parameters(), lines::write);
                if (out.checkError()) {
                    throw new UserError(
                            UserError.Kind.CANNOT_WRITE,
                            "The predictions could not be written to " + settings.get(CommandSettings.PREDICTIONS)
                                    + ": expected an open pipe or a file with room.");
                }
            }
            console.summary().put("rows", rowCount).put("output", settings.get(CommandSettings.PREDICTIONS));
        }
    }

    /** Standard output, which close() only flushes, or a file. */
    private static PrintStream open(Settings settings, Console console) {
        String target = settings.get(CommandSettings.PREDICTIONS);
        if (target.equals("-")) {
            return new PrintStream(console.out(), false, StandardCharsets.UTF_8) {
                @Override
                public void close() {
                    flush();
                }
            };
        }
        try {
            Path path = console.directory().resolve(target);
            return new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw new UserError(
                    UserError.Kind.CANNOT_WRITE,
                    target + " cannot be written (" + e.getMessage() + "): expected a file in a directory that exists."
                            + " Choose another --output.",
                    e);
        }
    }

    /** One line for each row. */
    private abstract static class Lines {
        final TrainedModel model;
        final PrintStream out;
        private long row;

        Lines(TrainedModel model, PrintStream out) {
            this.model = model;
            this.out = out;
        }

        /** @param values outputs of some rows   [rows × n_L] */
        final void write(float[] values) {
            int width = model.network().outputs();
            for (int i = 0; i < values.length / width; i++) {
                if (model.network().task() == Task.REGRESSION) {
                    write(row++, model.network().number(values, i));
                } else {
                    write(row++, model.labels().get(model.network().predicted(values, i)), values, i * width);
                }
            }
        }

        abstract void write(long number, String label, float[] values, int first);

        /** Of a model that predicts numbers. */
        abstract void write(long number, float value);
    }

    private static final class Csv extends Lines {
        Csv(TrainedModel model, PrintStream out) {
            super(model, out);
            boolean classifies = model.network().task() == Task.CLASSIFICATION;
            out.print(classifies ? "row,label" : "row,value");
            for (int j = 0; classifies && j < model.network().outputs(); j++) {
                out.print(",output_" + j);
            }
            out.print('\n');
        }

        @Override
        void write(long number, String label, float[] values, int first) {
            StringBuilder line = new StringBuilder().append(number).append(',').append(quoted(label));
            for (int j = 0; j < model.network().outputs(); j++) {
                line.append(',').append(values[first + j]);
            }
            out.print(line.append('\n'));
        }

        @Override
        void write(long number, float value) {
            out.print(number + "," + value + "\n");
        }

        private static String quoted(String label) {
            String shown = Printable.onTerminal(label);
            return shown.matches("[^,\"\n]*") ? shown : '"' + shown.replace("\"", "\"\"") + '"';
        }
    }

    private static final class JsonLines extends Lines {
        JsonLines(TrainedModel model, PrintStream out) {
            super(model, out);
        }

        @Override
        void write(long number, String label, float[] values, int first) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("row", number);
            line.put("label", label);
            float[] outputs = new float[model.network().outputs()];
            System.arraycopy(values, first, outputs, 0, outputs.length);
            line.put("outputs", outputs);
            print(line);
        }

        @Override
        void write(long number, float value) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("row", number);
            line.put("value", value);
            print(line);
        }

        private void print(Map<String, Object> line) {
            out.print(new String(Json.line(line), StandardCharsets.US_ASCII) + "\n");
        }
    }
}
