package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.DataReading;
import io.treegrad.data.Part;
import io.treegrad.data.RowSource;
import io.treegrad.formats.OpenedData;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.ModelCard;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.run.DataSources;
import io.treegrad.run.RunRecord;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.CurrentVersion;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes and verifies a model, a checkpoint or a data file. Starts no executors. */
final class InspectCommand implements CommandAction {
    /** What an output directory, or a version in it, contains. */
    private static final Set<String> MODEL_ENTRIES =
            Set.of("CURRENT", "versions", "runs", "model.safetensors", "model.json");

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws IOException {
        HadoopStorage storage = Cluster.submissionStorage();
        List<Map<String, Object>> found = new ArrayList<>();
        for (String path : paths) {
            Map<String, Object> facts = inspect(settings, storage, path);
            found.add(facts);
            if (!settings.get(OutputSettings.JSON)) {
                console.out().println(path);
                facts.forEach((name, fact) -> print(console.out(), "  %-14s ".formatted(name), fact));
            }
        }
        console.summary().put("inspected", found);
    }

    private static void print(PrintStream out, String title, Object fact) {
        if (fact instanceof MetricValues values) {
            MetricText.print(out, title, values, EnumSet.allOf(Metric.class));
        } else if (fact instanceof ModelCard card) {
            String indent = " ".repeat(title.length());
            printWords(out, title, Printable.onTerminal(card.use()));
            card.limits().forEach(limit -> printWords(out, indent, Printable.onTerminal(limit)));
            // whole, to be copied
            out.println(indent + "The same weights: " + Printable.onTerminal(card.reproduce()));
        } else if (fact instanceof List<?> list) {
            out.println(title
                    + list.stream().map(one -> Printable.plain(one.toString())).toList());
        } else {
            out.println(title + fact);
        }
    }

    private static void printWords(PrintStream out, String title, String text) {
        WrappedText.print(out, title, List.of(text.split(" ", -1)), " ", title.length() + 2);
    }

    private static Map<String, Object> inspect(Settings settings, HadoopStorage storage, String path)
            throws IOException {
        List<String> entries = entries(storage, path);
        if (entries.contains(Checkpoint.STATE)) {
            return checkpoint(storage, path);
        }
        if (path.endsWith("/" + Checkpoint.STATE)) {
            return checkpoint(storage, path.substring(0, path.lastIndexOf('/')));
        }
        boolean isOfModel = path.endsWith(".safetensors") || path.endsWith(ModelFiles.DESCRIPTION);
        if (isOfModel || entries.stream().anyMatch(MODEL_ENTRIES::contains)) {
            return model(storage, CurrentVersion.at(storage, path));
        }
        if (entries.contains(RunRecord.FILE) || entries.contains(RunDirectory.CHECKPOINTS)) {
            throw ofRun(storage, path);
        }
        if (!entries.isEmpty()) {
            requireData(storage, path, entries.get(entries.size() - 1));
        }
        OpenedData found = new DataSources(settings, storage).at(path);
        if (found.test().isEmpty()) {
            return data(found.train(), storage);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", "training and test data");
        facts.put("train", found.train().describe());
        facts.put("test", found.test().get().describe());
        found.train().labels(storage);
        found.test().get().labels(storage);
        return facts;
    }

    /** Of a directory; none of a file, or where there is nothing. */
    private static List<String> entries(HadoopStorage storage, String path) throws IOException {
        return storage.exists(path) ? List.of() : storage.list(path);
    }

    /** Refuses a directory of versions or of runs, whose JSON files are no rows. */
    private static void requireData(HadoopStorage storage, String directory, String last) throws IOException {
        String one = directory + (directory.endsWith("/") ? "" : "/") + last;
        List<String> inside = entries(storage, one);
        boolean isVersion = inside.contains(ModelFiles.DESCRIPTION);
        if (isVersion || inside.contains(RunRecord.FILE) || inside.contains(RunDirectory.CHECKPOINTS)) {
            throw new UserError(
                    UserError.Kind.USAGE,
                    "%s holds %s, expected a model, a checkpoint or data. Give the output directory, which has the published model%s."
                            .formatted(
                                    directory,
                                    isVersion ? "versions" : "runs",
                                    isVersion ? ", or one of them, such as " + one : ""));
        }
    }

    /** A run has several things that can be described: says which. */
    private static UserError ofRun(HadoopStorage storage, String run) throws IOException {
        String directory = OutputDirectory.runAt(storage, run).checkpoints().path();
        List<String> checkpoints = storage.list(directory);
        return new UserError(
                UserError.Kind.USAGE,
                "%s is the directory of a run, expected a model, a checkpoint or data. Give the output directory, which has the published model%s."
                        .formatted(
                                run,
                                checkpoints.isEmpty()
                                        ? ""
                                        : ", or a checkpoint, such as %s/%s"
                                                .formatted(directory, checkpoints.get(checkpoints.size() - 1))));
    }

    private static Map<String, Object> data(RowSource source, HadoopStorage storage) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", source.shape().isPicture() ? "labelled images" : "labelled rows");
        facts.put("what", source.describe());
        putLabel(facts, source.reading());
        facts.put("rows", source.rows());
        facts.put("shape", source.shape().toString());
        long[] rowsOfClass = new long[source.classes()];
        for (int label : source.labels(storage)) {
            rowsOfClass[label]++;
        }
        if (!source.classNames().equals(TrainedModel.numbered(source.classes()))) {
            facts.put("classes", source.classNames());
        }
        facts.put("rows by class", Arrays.stream(rowsOfClass).boxed().toList());
        return facts;
    }

    private static void putLabel(Map<String, Object> facts, Optional<DataReading> reading) {
        reading.filter(found -> found.format().isTable()).ifPresent(found -> facts.put("label", found.labelWords()));
    }

    private static Map<String, Object> checkpoint(HadoopStorage storage, String directory) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(storage, directory);
        Fingerprint fingerprint = checkpoint.fingerprint();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", "checkpoint, verified");
        facts.put("directory", directory);
        facts.put("step", checkpoint.state().step());
        facts.put("epochs", checkpoint.state().epochs().size());
        Optional.ofNullable(fingerprint.recipe().get("network")).ifPresent(network -> facts.put("network", network));
        facts.put("parameters", checkpoint.state().parameters().length);
        facts.put("trained on", trainedOn(fingerprint.data(), fingerprint.rows()));
        return facts;
    }

    private static String trainedOn(String kind, Map<Part, Long> rowsOfPart) {
        return kind + ", "
                + rowsOfPart.entrySet().stream()
                        .map(rows -> "%s %,d".formatted(rows.getKey().label(), rows.getValue()))
                        .collect(Collectors.joining(", "))
                + " rows";
    }

    private static Map<String, Object> model(HadoopStorage storage, String directory) throws IOException {
        TrainedModel model = ModelFiles.read(storage, directory);
        Provenance provenance = model.provenance();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", "model, verified");
        facts.put("directory", directory);
        facts.put("network", model.network() + ", " + model.network().loss().label());
        facts.put("parameters", model.network().parameterCount());
        facts.put("weightsSha256", model.weightsSha256());
        facts.put(
                "trained on",
                trainedOn(provenance.data().kind(), provenance.data().rows()));
        putLabel(facts, model.reading());
        facts.put("started", provenance.started());
        facts.put("engine", provenance.engine());
        facts.put("arithmetic", provenance.arithmetic() + " on " + provenance.cpu());
        facts.put("spark", provenance.spark() + ", Java " + provenance.java());
        for (Map.Entry<Part, MetricValues> entry : provenance.metrics().entrySet()) {
            facts.put(entry.getKey().label(), entry.getValue());
        }
        model.card().ifPresent(card -> facts.put("card", card));
        return facts;
    }
}
