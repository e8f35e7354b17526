package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.IdxBytes;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.TrainAndTest;
import io.treegrad.formats.IdxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that retrains every night, for a fortnight: what its scheduler sees each night, and which model readers get. Rows are
 * drawn digits; with {@code TREEGRAD_SOAK=1} they are those of MNIST at {@code $MNIST_DIR}, and a process is killed in each
 * phase of a night:
 *
 * <pre>
 *   TREEGRAD_SOAK=1 mvn verify -Dit.test=FortnightIT -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class FortnightIT {
    private static final boolean THOROUGH = "1".equals(System.getenv("TREEGRAD_SOAK"));
    private static final int PIXELS = 28 * 28;
    private static final int KILLED = 42;

    /** Killed programs start quickly, and compute slowly. */
    private static final int MOST_ROWS = 10_000;

    /** Places in the code where a killed night ends: before, in and after each of its phases. */
    private static final List<String> PHASES = THOROUGH
            ? List.of(
                    "before-load:0",
                    "before-step:40",
                    "checkpoint-file:50",
                    "checkpoint-after-success:50",
                    "version-file:0",
                    "version-before-success:0",
                    "before-current:0",
                    "after-current:0",
                    "before-run-json:0",
                    "after-run-json:0")
            : List.of("before-current:0");

    @TempDir
    private static Path directory;

    private Rows pool;
    private Rows test;
    private int night;
    private final List<String> log = new ArrayList<>();

    /** What a row becomes before it is written; null leaves it out. */
    private interface Change {
        Row of(Row row);
    }

    private static final class Row {
        private final byte[] pixels;
        private final int label;

        Row(byte[] pixels, int label) {
            this.pixels = pixels;
            this.label = label;
        }
    }

    @BeforeEach
    void readDigits() throws IOException {
        String mnist = THOROUGH ? System.getenv("MNIST_DIR") : null;
        TrainAndTest source = mnist == null
                ? new TrainAndTest(new SyntheticDigits(1, 0, 3000), new SyntheticDigits(1, 1, 600))
                : IdxFiles.mnist(new LocalStorage(), mnist);
        pool = read(source.train());
        test = read(source.test());
    }

    private static Rows read(RowSource source) throws IOException {
        return source.read(RowSet.range(0, Math.min(MOST_ROWS, source.rows())), new LocalStorage());
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void eachNightEndsAsItShould() throws Exception {
        expect("the first night", night(row -> row), 0, "n01");
        expect("other rows", night(row -> row), 0, "n02");
        Path same = directory.resolve("n02");
        expect("no new data", train(nextName(), same), 0, "n02");

        Path late = data(nextName(), row -> row);
        touch(late.resolve(DigitFiles.TRAIN_PICTURES), Instant.now());
        expect("a file that is still arriving", train(name(), late), 75, "n02");
        touch(late.resolve(DigitFiles.TRAIN_PICTURES), Instant.now().minus(Duration.ofHours(1)));
        expect("the same file later", train(name(), late), 0, "n04");

        expect("labels 4 and 9 exchanged", night(FortnightIT::exchanged), 80, "n04");
        expect("inverted pixels", night(FortnightIT::inverted), 80, "n04");
        expect("no row of class 3", night(row -> row.label == 3 ? null : row), 80, "n04");
        expect("good rows again", night(row -> row), 0, "n08");
        expect("a worse model", train(nextName(), data(name(), row -> row), "--learning-rate", "0.0001"), 80, "n08");

        for (String phase : PHASES) {
            Path rows = data(nextName(), row -> row);
            expectKilled(phase, name(), rows);
            expect("started again", train(name(), rows), 0, name());
        }
        String before = current();
        expect("a good night", night(row -> row), 0, name());
        Invocation back = run(
                "models", "rollback", "--output", directory.resolve("models").toString());
        expect("rolled back by hand", back, 0, before);
        Path hurried = data(nextName(), row -> row);
        expect("a deadline that is too short", train(name(), hurried, "--deadline", "0s"), 75, before);
        expect("the same with time", train(name(), hurried), 0, name());
        log.forEach(System.out::println);
    }

    private Invocation night(Change change) throws IOException {
        return train(nextName(), data(name(), change));
    }

    private String nextName() {
        night++;
        return name();
    }

    private String name() {
        return "n%02d".formatted(night);
    }

    private void expect(String what, Invocation run, int code, String model) throws IOException {
        log.add("%-4s %-32s exit %3d   CURRENT %s".formatted(name(), what, run.code(), current()));
        assertEquals(code, run.code(), () -> what + ": " + run.err());
        assertEquals(model, current(), () -> what + ": " + run.err());
    }

    private void expectKilled(String phase, String name, Path rows) throws Exception {
        Map<String, String> killed = Map.of("treegrad.failpoint", phase + ":halt");
        try (Program program = Program.start(directory, killed, words(name, rows, "--checkpoint-every", "50s"))) {
            Invocation run = program.ended();
            log.add("%-4s %-32s exit %3d   CURRENT %s".formatted(name, "killed at " + phase, run.code(), current()));
            assertEquals(KILLED, run.code(), run::err);
        }
        assertTrue(run("inspect", directory.resolve("models").toString()).code() == 0, "the published model is whole");
    }

    /** The run whose model readers get. */
    private static String current() throws IOException {
        String version = Files.readString(directory.resolve("models/CURRENT")).strip();
        return version.substring(version.indexOf('-') + 1);
    }

    private static Invocation train(String name, Path data, String... more) {
        return run(words(name, data, more).toArray(String[]::new));
    }

    private static List<String> words(String name, Path data, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data.toString(), "--run-id", name));
        words.addAll(List.of("--output", directory.resolve("models").toString(), "--report", "false"));
        words.addAll(List.of("--settle", "10m", "--max-drift", "0.25"));
        words.addAll(List.of("--gate", "accuracy>=0.6,champion:accuracy-0.01"));
        words.addAll(List.of("--hidden", "30", "--epochs", "4", "--batch-size", "50", "--validation-rows", "100"));
        words.addAll(List.of(more));
        return words;
    }

    private static Invocation run(String... words) {
        return Invocation.of(directory, Map.of(), words);
    }

    /** Half of the pool, others each night, as files of an hour ago. */
    private Path data(String name, Change change) throws IOException {
        Path files = Files.createDirectories(directory.resolve(name));
        Random random = new Random(night);
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < pool.count(); row++) {
            Row changed = random.nextBoolean() ? change.of(row(pool, row)) : null;
            if (changed != null) {
                rows.add(changed);
            }
        }
        List<Row> tested = new ArrayList<>();
        for (int row = 0; row < test.count(); row++) {
            tested.add(row(test, row));
        }
        write(files, DigitFiles.TRAIN_PICTURES, DigitFiles.TRAIN_LABELS, rows);
        write(files, DigitFiles.TEST_PICTURES, DigitFiles.TEST_LABELS, tested);
        return files;
    }

    private static Row row(Rows rows, int row) {
        byte[] pixels = new byte[PIXELS];
        for (int feature = 0; feature < PIXELS; feature++) {
            pixels[feature] = (byte) rows.value(row, feature);
        }
        return new Row(pixels, rows.label(row));
    }

    private static void write(Path files, String pictures, String labels, List<Row> rows) throws IOException {
        byte[] pixels = new byte[rows.size() * PIXELS];
        byte[] classes = new byte[rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row).pixels, 0, pixels, row * PIXELS, PIXELS);
            classes[row] = (byte) rows.get(row).label;
        }
        Files.write(files.resolve(pictures), IdxBytes.join(IdxBytes.header(rows.size(), 28, 28), pixels));
        Files.write(files.resolve(labels), IdxBytes.join(IdxBytes.header(rows.size()), classes));
        touch(files.resolve(pictures), Instant.now().minus(Duration.ofHours(1)));
        touch(files.resolve(labels), Instant.now().minus(Duration.ofHours(1)));
    }

    private static void touch(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private static Row exchanged(Row row) {
        return new Row(row.pixels, row.label == 4 ? 9 : row.label == 9 ? 4 : row.label);
    }

    private static Row inverted(Row row) {
        byte[] pixels = new byte[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            pixels[i] = (byte) (255 - row.pixels[i]);
        }
        return new Row(pixels, row.label);
    }
}
