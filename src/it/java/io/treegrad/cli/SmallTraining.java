package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.treegrad.data.LocalStorage;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.ModelFiles;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * A training of a second that stops early and publishes the best epoch before, and what it comes to when nothing happens
 * to it: the measure for runs to which something did.
 */
final class SmallTraining {
    static final String RUN = "nightly";

    private static final int ROWS = 600;
    private static final int FEATURES = 8;
    private static final int CLASSES = 3;
    private static final double WRONG_LABELS = 0.15;
    /** So many steps are at least between the best epoch and the end. */
    private static final int PATIENCE = 3;

    /** On what, and how, a run is computed: none of it may change a bit. */
    enum Cluster {
        RESIDENT("resident", "2"),
        TREE("tree", "3"),
        TREE_AT_ONCE("tree", "1");

        private final String engine;
        private final String partitions;

        Cluster(String engine, String partitions) {
            this.engine = engine;
            this.partitions = partitions;
        }

        Cluster next() {
            return values()[(ordinal() + 1) % values().length];
        }
    }

    private final Path directory;
    private final Path data;
    private final Path undisturbed;
    private final int every;
    private final JsonNode summary;

    /**
     * Trains once, within this JVM.
     *
     * @param every so many steps runs of it save a checkpoint, which the undisturbed one keeps all of
     */
    SmallTraining(Path directory, int every) throws IOException {
        this.directory = directory;
        this.data = writeData(directory.resolve("rows.csv"));
        this.undisturbed = directory.resolve("undisturbed");
        this.every = every;
        Invocation ended =
                here(undisturbed, Cluster.RESIDENT, List.of("--keep", "1000")).succeeded();
        this.summary = ended.json();
        long epochs = summary.get("epochs").asLong();
        assertEquals(epochs - PATIENCE, summary.get("bestEpoch").asLong(), "it does not stop early");
        assertTrue(epochs > PATIENCE + 1, "it stops before it has learned");
        assertTrue(
                ended.err()
                        .contains("Stopped early, after epoch %d of 40: the validation loss was lowest in epoch %d."
                                .formatted(epochs, epochs - PATIENCE)),
                ended.err());
    }

    static Path writeData(Path file) throws IOException {
        Random random = new Random(7);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            int label = row % CLASSES;
            StringBuilder line = new StringBuilder();
            for (int feature = 0; feature < FEATURES; feature++) {
                double value = random.nextGaussian() + (feature % CLASSES == label ? 1.5 : 0);
                line.append(String.format(Locale.ROOT, "%.3f,", value));
            }
            lines.add(line.toString() + (random.nextDouble() < WRONG_LABELS ? random.nextInt(CLASSES) : label));
        }
        return Files.write(file, lines);
    }

    Path data() {
        return data;
    }

    long steps() {
        return summary.get("steps").asLong();
    }

    /** The words of the command; options in {@code more} take the place of its own. */
    List<String> words(Path output, Cluster cluster, List<String> more) {
        List<String> own = new ArrayList<>(List.of("--data", data.toString(), "--output", output.toString()));
        own.addAll(
                List.of("--run-id", RUN, "--checkpoint-every", every + "s", "--patience", Integer.toString(PATIENCE)));
        own.addAll(List.of("--split", "0.6,0.2,0.2", "--scale", "none", "--hidden", "32", "--seed", "5"));
        own.addAll(List.of("--batch-size", "15", "--shards", "6", "--epochs", "40"));
        own.addAll(List.of("--learning-rate", "0.02", "--schedule", "constant"));
        own.addAll(List.of("--engine", cluster.engine, "--partitions", cluster.partitions));
        List<String> words = new ArrayList<>(List.of("train", "--json", "--always"));
        for (int i = 0; i < own.size(); i += 2) {
            if (!more.contains(own.get(i))) {
                words.addAll(own.subList(i, i + 2));
            }
        }
        words.addAll(more);
        return words;
    }

    /** Runs it in this JVM, which is quicker than a process of its own. */
    Invocation here(Path output, Cluster cluster, List<String> more) {
        return Invocation.of(directory, Map.of(), words(output, cluster, more).toArray(String[]::new));
    }

    /** Starts it as a process. */
    Program start(Path output, Cluster cluster, Map<String, String> properties, List<String> more) throws IOException {
        return Program.start(directory.resolve("processes"), properties, words(output, cluster, more));
    }

    static Path run(Path output) {
        return output.resolve("runs").resolve(RUN);
    }

    /** Asserts that the run has ended as the undisturbed one: same bits, same history, same best model, all files. */
    void assertSameEnd(Path output) throws IOException {
        JsonNode ended = Invocation.parsed(Files.readString(run(output).resolve("run.json")));
        for (String fact : List.of("status", "exitCode", "weightsSha256", "steps", "epochs", "bestEpoch", "metrics")) {
            assertEquals(summary.get(fact), ended.get(fact), fact);
        }
        assertEquals(history(undisturbed), history(output));
        assertArrayEquals(
                Files.readAllBytes(run(undisturbed).resolve("losses.json")),
                Files.readAllBytes(run(output).resolve("losses.json")));
        assertWhole(output);
        assertTrue(Files.exists(output.resolve("CURRENT")));
        assertTrue(Files.size(run(output).resolve("report/index.html")) > 0);
        assertFalse(Files.exists(output.resolve("LOCK")), "the right to publish is still taken");
    }

    /** Epochs and losses, without how long they took. */
    private static List<JsonNode> history(Path output) throws IOException {
        List<JsonNode> epochs = new ArrayList<>();
        for (String line : Files.readAllLines(run(output).resolve("metrics.jsonl"))) {
            ObjectNode epoch = (ObjectNode) Invocation.parsed(line);
            epoch.remove(List.of("seconds", "rowsPerSecond"));
            epochs.add(epoch);
        }
        return epochs;
    }

    /**
     * Asserts that everything with a {@code _SUCCESS} verifies and is, byte for byte, what the undisturbed run had at that
     * step; and that readers find a whole model if there is any.
     */
    void assertWhole(Path output) throws IOException {
        LocalStorage storage = new LocalStorage();
        String expected = summary.get("weightsSha256").asText();
        List<Path> versions = finished(output.resolve("versions"));
        for (Path version : versions) {
            assertEquals(expected, ModelFiles.read(storage, version.toString()).weightsSha256());
        }
        for (Path checkpoint : finished(run(output).resolve("checkpoints"))) {
            Checkpoint.read(storage, checkpoint.toString());
            String name = checkpoint.getFileName().toString().replaceFirst("\\..*", "");
            Path same = run(undisturbed).resolve("checkpoints").resolve(name);
            for (String file : List.of("state.safetensors", "meta.json")) {
                assertArrayEquals(
                        Files.readAllBytes(same.resolve(file)), Files.readAllBytes(checkpoint.resolve(file)), name);
            }
        }
        String published = new OutputDirectory(new HadoopStorage(new Configuration()), output.toString())
                .published()
                .map(found -> found.model().weightsSha256())
                .orElse("none");
        assertEquals(versions.isEmpty() ? "none" : expected, published);
        assertFalse(versions.isEmpty() && Files.exists(output.resolve("CURRENT")), "CURRENT leads nowhere");
    }

    /** Directories that were committed; a process killed while it writes the last file of one leaves that empty. */
    static List<Path> finished(Path parent) throws IOException {
        if (!Files.exists(parent)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(parent)) {
            return directories
                    .filter(directory -> directory.resolve("_SUCCESS").toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    /** Step of the newest checkpoint; 0 if there is none. */
    static long newestStep(Path output) throws IOException {
        List<Path> checkpoints = finished(run(output).resolve("checkpoints"));
        return checkpoints.isEmpty()
                ? 0
                : Long.parseLong(checkpoints
                        .get(checkpoints.size() - 1)
                        .getFileName()
                        .toString()
                        .replaceAll("ckpt-|\\..*", ""));
    }
}
