package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.common.ArmedFailpoint;
import io.treegrad.model.FileDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 10 to 13 as a user meets them: a run that died, and checkpoints that were spoiled before it is started again. */
class CheckpointFaultsIT {
    private static final String NEWEST = "ckpt-000000000010";
    private static final String BEFORE = "ckpt-000000000005";

    @TempDir
    private static Path directory;

    private static String digits;
    private static Path died;
    private static String weights;

    /** An output with a run that died after its checkpoints of step 5 and 10, copied for each test. */
    private Path output;

    @BeforeAll
    static void dieOnce() throws IOException {
        digits = DigitFiles.write(directory.resolve("digits"), 600, 200).toString();
        weights = train(directory.resolve("whole"))
                .succeeded()
                .json()
                .get("weightsSha256")
                .asText();
        died = directory.resolve("died");
        try (ArmedFailpoint failpoint = new ArmedFailpoint("after-step:11:throw")) {
            assertEquals(1, train(died).code());
            assertEquals(1, failpoint.hits());
        }
        assertEquals(List.of(BEFORE, NEWEST), names(checkpoints(died)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.safetensors", "meta.json", "_SUCCESS"})
    void aTruncatedOrFlippedNewestCheckpointMeansTheOneBeforeAndTheSameBits(String file) throws IOException {
        copyOfTheDeadRun("damaged " + file);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path path = checkpoints(output).resolve(NEWEST).resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        int at = random.nextInt(bytes.length);
        if (random.nextBoolean()) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        } else {
            bytes = Arrays.copyOf(bytes, at);
        }
        Files.write(path, bytes);
        JsonNode summary = train(output).succeeded().json();
        String where = "byte " + at + ", seed " + seed + ": " + summary;
        assertEquals(5, summary.get("resumedAtStep").asInt(), where);
        assertEquals(1, summary.get("damagedCheckpoints").asInt(), where);
        assertEquals(weights, summary.get("weightsSha256").asText(), where);
    }

    @Test
    void whenAllAreDamagedTheRunEndsWith82UntilToldToBeginAnewAndDeletesNothing() throws IOException {
        copyOfTheDeadRun("all damaged");
        for (String name : names(checkpoints(output))) {
            Path state = checkpoints(output).resolve(name).resolve("state.safetensors");
            byte[] bytes = Files.readAllBytes(state);
            Files.write(state, Arrays.copyOf(bytes, bytes.length - 1));
        }
        Map<String, FileDigest> before = files(checkpoints(output));
        Invocation refused = train(output);
        refused.failed(82, "all 2 checkpoints are damaged", "resume = never", "--resume", "deletes nothing");
        assertEquals(82, refused.json().get("exitCode").asInt());
        assertEquals(refused.json(), Invocation.parsed(Files.readString(output.resolve("runs/nightly/run.json"))));
        assertFalse(Files.exists(output.resolve("CURRENT")));
        JsonNode anew = train(output, "--resume", "never").succeeded().json();
        assertEquals(weights, anew.get("weightsSha256").asText());
        assertFalse(anew.has("resumedAtStep"), anew.toString());
        assertEquals(before, files(checkpoints(output)));
    }

    /** What is given, and how the refusal names what it was and what it is. */
    @ParameterizedTest
    @CsvSource({
        "--hidden 7, hidden was 128 and now is 7",
        "--learning-rate 0.01, learning-rate was",
        "--seed 9, seed was 1 and now is 9",
        "--batch-size 50, batch-size was 100 and now is 50",
    })
    void aCheckpointOfAnotherNetworkOrConfigurationIsRefusedWithBothValues(String option, String difference)
            throws IOException {
        copyOfTheDeadRun("other " + option);
        Invocation refused = train(output, option.split(" "));
        refused.failed(78, "Run nightly cannot be continued", difference, "resume = never", "--resume");
        assertEquals(List.of(BEFORE, NEWEST), names(checkpoints(output)));
        assertFalse(Files.exists(output.resolve("CURRENT")));
    }

    @Test
    void aCheckpointOfOtherDataIsRefusedWithBothDigests() throws IOException {
        copyOfTheDeadRun("other data");
        Path other = directory.resolve("other digits");
        DigitFiles.write(other, 600, 200);
        Path labels = other.resolve(DigitFiles.TRAIN_LABELS);
        String before = digest(labels).sha256();
        byte[] bytes = Files.readAllBytes(labels);
        bytes[bytes.length - 1] ^= 1;
        Files.write(labels, bytes);
        train(output, "--data", other.toString())
                .failed(
                        78,
                        "the SHA-256 of train-labels-idx1-ubyte was " + before + " and now is "
                                + digest(labels).sha256(),
                        "--allow-data-change");
    }

    @Test
    void aCheckpointOfANewerVersionIsRefusedWithBothSchemas() throws IOException {
        copyOfTheDeadRun("newer");
        Path checkpoint = checkpoints(output).resolve(NEWEST);
        Path meta = checkpoint.resolve("meta.json");
        String old = digest(meta).toString();
        Path success = checkpoint.resolve("_SUCCESS");
        FileDigest before = digest(meta);
        Files.writeString(meta, Files.readString(meta).replace("\"schema\": 4", "\"schema\": 5"));
        FileDigest after = digest(meta);
        assertFalse(old.equals(after.toString()));
        Files.writeString(success, Files.readString(success).replace(before.sha256(), after.sha256()));
        train(output).failed(78, meta.toString(), "schema is 5, expected 4", "start again", "--resume");
    }

    private void copyOfTheDeadRun(String name) throws IOException {
        output = directory.resolve(name);
        try (Stream<Path> files = Files.walk(died)) {
            for (Path file : files.toList()) {
                Path copy = output.resolve(died.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static Invocation train(Path output, String... options) {
        List<String> words = new ArrayList<>(List.of("train", "--output", output.toString(), "--run-id", "nightly"));
        words.addAll(List.of("--epochs", "3", "--validation-rows", "100", "--checkpoint-every", "5s", "--json"));
        words.addAll(List.of("--report", "false"));
        if (!List.of(options).contains("--data")) {
            words.addAll(List.of("--data", digits));
        }
        words.addAll(List.of(options));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private static Path checkpoints(Path output) {
        return output.resolve("runs/nightly/checkpoints");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Map<String, FileDigest> files(Path directory) throws IOException {
        Map<String, FileDigest> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                digests.put(directory.relativize(file).toString(), digest(file));
            }
        }
        assertTrue(digests.size() >= 6, digests.toString());
        return digests;
    }

    private static FileDigest digest(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return FileDigest.of(in);
        }
    }
}
