package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.storage.FaultyFileSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 31: keys given to Spark and passwords within paths are in nothing that is written or said, whether all goes well
 * or not. The file system is a local disk that takes any user and host.
 */
class SecretsIT {
    private static final String KEY = "KeyThatNobodyMaySee";
    private static final String PASSWORD = "PasswordThatNobodyMaySee";
    private static final String SECRET = "ThatNobodyMaySee";

    @TempDir
    private Path directory;

    private final List<Invocation> said = new ArrayList<>();

    @Test
    void keysAndPasswordsAreNowhere() throws Exception {
        SmallTraining.writeData(directory.resolve("rows.csv"));
        run("", training("--print-config")).succeeded();
        run("", training("--print-config", "--json")).succeeded();
        run("after-current:0:halt", training());
        assertEquals(42, said.get(said.size() - 1).code());
        Path output = directory.resolve("output");
        Path checkpoints = output.resolve("runs/r/checkpoints");
        cut(newest(checkpoints).resolve("state.safetensors"));
        Invocation resumed = run("", training()).succeeded();
        // all that warns has warned
        assertTrue(resumed.err().contains("taking it over"), resumed.err());
        assertTrue(resumed.err().contains("Going back to the checkpoint before"), resumed.err());
        assertTrue(resumed.err().contains("Report: faulty://***@host/"), resumed.err());
        assertTrue(resumed.out().contains("Model    faulty://***@host/"), resumed.out());
        cut(output.resolve("CURRENT"));
        Invocation evaluation = run("", List.of("evaluate", "--model", url("output"), "--data", url("rows.csv")));
        assertTrue(evaluation.succeeded().err().contains("cannot be used"), evaluation.err());
        run("", List.of("inspect", url("output"), url("rows.csv"))).succeeded();
        run("", List.of("report", url("output/runs/r")));

        for (Path checkpoint : SmallTraining.finished(checkpoints)) {
            cut(checkpoint.resolve("meta.json"));
        }
        Files.delete(output.resolve("runs/r/run.json"));
        run("", training()).failed(82, "faulty://***@host/");
        run(
                        "",
                        training(
                                "--resume",
                                "never",
                                "--learning-rate",
                                "50",
                                "--loss",
                                "mse",
                                "--output-activation",
                                "identity"))
                .failed(81);
        run("before-step:3:throw", training("--resume", "never"));
        assertEquals(1, said.get(said.size() - 1).code());
        run("", training("--data", url("nowhere.csv"))).failed(66, "faulty://***@host/");
        run("", training("--output", url("rows.csv/below"))).failed(73, "faulty://***@host/");
        run("", training("--hidden", url("x"))).failed(2, "faulty://***@host/");

        for (Invocation one : said) {
            assertNoSecret("standard output", one.out());
            assertNoSecret("standard error", one.err());
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertNoSecret(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static void assertNoSecret(String where, String text) {
        int at = text.indexOf(SECRET);
        assertTrue(
                at < 0, () -> where + ": " + text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 50)));
    }

    private Invocation run(String failpoint, List<String> words) throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put("spark.hadoop.fs.faulty.impl", FaultyFileSystem.class.getName());
        properties.put("spark.hadoop.fs.s3a.secret.key", KEY);
        properties.put("spark.hadoop.any.password", KEY);
        properties.put("spark.log.level", "INFO");
        properties.put("treegrad.failpoint", failpoint);
        try (Program program = Program.start(directory, properties, words)) {
            said.add(program.ended());
        }
        return said.get(said.size() - 1);
    }

    private List<String> training(String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--run-id", "r", "--split", "0.6,0.2,0.2"));
        List<String> own = List.of(more);
        for (String[] option : new String[][] {
            {"--data", url("rows.csv")},
            {"--output", url("output")},
            {"--scale", "none"},
            {"--epochs", "2"},
            {"--checkpoint-every", "1e"}
        }) {
            if (!own.contains(option[0])) {
                words.addAll(List.of(option));
            }
        }
        words.addAll(own);
        return words;
    }

    private String url(String name) {
        return "faulty://user:" + PASSWORD + "@host" + directory.resolve(name);
    }

    private static Path newest(Path checkpoints) throws IOException {
        List<Path> finished = SmallTraining.finished(checkpoints);
        return finished.get(finished.size() - 1);
    }

    private static void cut(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(bytes.length() / 2);
        }
    }
}
