package io.treegrad.cli;

import static io.treegrad.cli.DigitFiles.TEST_LABELS;
import static io.treegrad.cli.DigitFiles.TEST_PICTURES;
import static io.treegrad.cli.DigitFiles.TRAIN_LABELS;
import static io.treegrad.cli.DigitFiles.TRAIN_PICTURES;
import static io.treegrad.data.IdxBytes.cut;
import static io.treegrad.data.IdxBytes.gzip;
import static io.treegrad.data.IdxBytes.header;
import static io.treegrad.data.IdxBytes.join;
import static io.treegrad.data.IdxBytes.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 21 to 24 of the table of faults through {@code train --data}, as a user meets them. */
class BadDataIT {
    private static final int TRAIN_ROWS = 600;
    private static final int TEST_ROWS = 200;
    private static final int ROW_BYTES = 28 * 28;

    @TempDir
    private static Path temporary;

    private static Path good;

    @TempDir
    private Path directory;

    @BeforeAll
    static void draw() throws IOException {
        good = DigitFiles.write(temporary.resolve("good"), TRAIN_ROWS, TEST_ROWS);
    }

    /** One file of the four that is spoiled, and what the message must hold besides its path. */
    private static Arguments spoiled(String name, String file, UnaryOperator<byte[]> defect, String... parts) {
        return Arguments.of(name, file, defect, List.of(parts));
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                spoiled("bad magic", TRAIN_PICTURES, b -> with(b, 0, 0x89), "first bytes 89 00 08 03", "00 00 08 03"),
                spoiled("type byte", TRAIN_PICTURES, b -> with(b, 2, 0x0A), "IDX type 0a", "08 (unsigned bytes)"),
                spoiled("dimensions", TRAIN_PICTURES, b -> with(b, 3, 4), "size 0 in dimension 4 of 4"),
                spoiled(
                        "labels for pictures",
                        TEST_PICTURES,
                        b -> join(header(TEST_ROWS), new byte[TEST_ROWS]),
                        "exchanged?"),
                spoiled("empty", TEST_PICTURES, b -> new byte[0], "found 0 bytes", "at least 8 bytes"),
                spoiled("empty labels", TRAIN_LABELS, b -> new byte[0], "found 0 bytes", "at least 8 bytes"),
                spoiled("half a header", TRAIN_PICTURES, b -> cut(b, 11), "found 11 bytes", "a header of 16 bytes"),
                spoiled("half a header of labels", TEST_LABELS, b -> cut(b, 5), "found 5 bytes", "header of 8"),
                spoiled("a byte too little", TRAIN_PICTURES, b -> cut(b, b.length - 1), "470399 bytes", "470400"),
                spoiled("a byte too much", TEST_PICTURES, b -> cut(b, b.length + 1), "156801 bytes", "156800"),
                spoiled(
                        "2^31-1 rows",
                        TRAIN_PICTURES,
                        b -> header(Integer.MAX_VALUE, 28, 28),
                        "found 0 bytes of data",
                        "2147483647 x 28 x 28"),
                spoiled("negative rows", TRAIN_PICTURES, b -> header(-1, 28, 28), "size -1", "at least 1"),
                spoiled("rows of 0x0", TRAIN_PICTURES, b -> header(600, 0, 0), "size 0", "at least 1"),
                spoiled("gzip cut within", TRAIN_PICTURES, b -> cut(gzip(b), 3000), "ends early", "a whole file"),
                spoiled("gzip cut by a byte", TEST_PICTURES, b -> cut(gzip(b), gzip(b).length - 1), "ends early"),
                spoiled("gzip of half the rows", TRAIN_PICTURES, b -> gzip(cut(b, 200_000)), "an end within row 255"),
                spoiled("gzip of a row more", TEST_PICTURES, b -> gzip(cut(b, b.length + ROW_BYTES)), "after row 199"),
                spoiled("gzip checksum", TRAIN_PICTURES, b -> flipped(gzip(b), 8), "CRC32 error", "expected"),
                spoiled("gzip length", TRAIN_LABELS, b -> flipped(gzip(b), 4), "size mismatch", "expected"),
                spoiled(
                        "junk after gzip",
                        TRAIN_PICTURES,
                        b -> join(gzip(b), text("junk")),
                        "data after a valid .gz stream"),
                spoiled("not gzip within", TRAIN_PICTURES, b -> join(cut(gzip(b), 500), new byte[500]), "expected"),
                spoiled("bomb", TRAIN_PICTURES, b -> gzip(join(b, new byte[200 << 20])), "more data after row 599"),
                spoiled("bomb of labels", TEST_LABELS, b -> gzip(join(b, new byte[200 << 20])), "more data after"),
                spoiled("a label too few", TRAIN_LABELS, b -> join(header(599), cut(b, 599)), "599 labels", "600"),
                spoiled("label 10 first", TRAIN_LABELS, b -> with(b, 8, 10), "label 10 in row 0", "0 to 9"),
                spoiled("label 255 last", TRAIN_LABELS, b -> with(b, b.length - 1, 255), "label 255 in row 599"),
                spoiled("last test label", TEST_LABELS, b -> with(b, b.length - 1, 10), "label 10 in row 199"),
                spoiled("28x27", TEST_PICTURES, b -> narrow(), "28x27 pixels", "28x28 pixels as in the training"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void brokenFileIsRefusedBeforeTheFirstStep(
            String name, String file, UnaryOperator<byte[]> defect, List<String> parts) throws IOException {
        Path data = copyOfGood();
        Path path = data.resolve(file);
        Files.write(path, defect.apply(Files.readAllBytes(path)));
        assertRefused(data, path, parts);
    }

    @Test
    void plainFilesNamedGzAndGzipFilesNamedPlainAreRead() throws IOException {
        Path data = directory.resolve("names");
        Files.createDirectories(data);
        for (String file : List.of(TRAIN_PICTURES, TEST_LABELS)) {
            Files.write(data.resolve(file), gzip(Files.readAllBytes(good.resolve(file))));
        }
        for (String file : List.of(TRAIN_LABELS, TEST_PICTURES)) {
            Files.copy(good.resolve(file), data.resolve(file + ".gz"));
        }
        assertEquals(weights(good), weights(data));
    }

    @Test
    void membersOfGzipThatFollowEachOtherAreOneFile() throws IOException {
        Path data = copyOfGood();
        byte[] pictures = Files.readAllBytes(good.resolve(TRAIN_PICTURES));
        int middle = 16 + 250 * ROW_BYTES + 17;
        byte[] tail = Arrays.copyOfRange(pictures, middle, pictures.length);
        Files.write(data.resolve(TRAIN_PICTURES), join(gzip(cut(pictures, middle)), gzip(tail)));
        assertEquals(weights(good), weights(data));
    }

    @Test
    void exchangedTrainingAndTestFilesAreWarnedOf() throws IOException {
        Path data = directory.resolve("exchanged");
        Files.createDirectories(data);
        Files.copy(good.resolve(TRAIN_PICTURES), data.resolve(TEST_PICTURES));
        Files.copy(good.resolve(TRAIN_LABELS), data.resolve(TEST_LABELS));
        Files.copy(good.resolve(TEST_PICTURES), data.resolve(TRAIN_PICTURES));
        Files.copy(good.resolve(TEST_LABELS), data.resolve(TRAIN_LABELS));
        Invocation run = train(data).succeeded();
        assertEquals(List.of("are they exchanged?"), warnings(run, "are they exchanged?"));
        // beside the model of the exchanged rows, which is published by now, good rows are of another kind
        Invocation good = train(BadDataIT.good).succeeded();
        assertEquals(List.of(), warnings(good, "are they exchanged?"));
    }

    @Test
    void trainingLabelsThatAreAllTheSameAreWarnedOf() throws IOException {
        Path data = copyOfGood();
        byte[] threes = new byte[TRAIN_ROWS];
        Arrays.fill(threes, (byte) 3);
        Files.write(data.resolve(TRAIN_LABELS), join(header(TRAIN_ROWS), threes));
        String end = "has label 3: there is nothing to learn.";
        assertEquals(List.of(end), warnings(train(data).succeeded(), end));
    }

    /** The check of the header must hold before Spark, which needs more memory than this, is started. */
    @Test
    void aHeaderThatClaimsEverythingIsRefusedIn64Megabytes() throws Exception {
        byte[] claim = header(Integer.MAX_VALUE, 28, 28);
        for (byte[] pictures : List.of(claim, gzip(claim))) {
            Path file = Files.write(directory.resolve("images-idx3-ubyte"), pictures);
            Files.write(directory.resolve("labels-idx1-ubyte"), header(Integer.MAX_VALUE));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "@target/spark-jvm.args",
                    "-Xmx64m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    Main.class.getName(),
                    "inspect",
                    file.toString()));
            Path output = directory.resolve("printed");
            Process child = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertTrue(child.waitFor(2, TimeUnit.MINUTES));
            String printed = Files.readString(output);
            assertEquals(65, child.exitValue(), printed);
            assertTrue(printed.contains("treegrad: " + file + ": found "), printed);
            assertTrue(printed.contains("2147483647 x 28 x 28"), printed);
        }
    }

    private void assertRefused(Path data, Path file, List<String> parts) throws IOException {
        Invocation run = train(data);
        run.failed(65, file.toString(), "expected");
        run.failed(65, parts.toArray(String[]::new));
        assertEquals(1, run.message().lines().count(), run.err());
        assertFalse(run.err().contains("Engine:"), "training began: " + run.err());
        assertFalse(run.json().has("steps"));
        assertFalse(Files.exists(directory.resolve("output/versions")));
        assertFalse(Files.exists(directory.resolve("output/CURRENT")));
    }

    private static List<String> warnings(Invocation run, String end) {
        return run.err()
                .lines()
                .filter(line -> line.startsWith("Warning: "))
                .map(line -> line.endsWith(end) ? end : line)
                .toList();
    }

    private String weights(Path data) {
        return train(data).succeeded().json().get("weightsSha256").asText();
    }

    private Invocation train(Path data) {
        String output = directory.resolve("output").toString();
        return Invocation.of(
                directory,
                Map.of(),
                "train",
                "--data",
                data.toString(),
                "--output",
                output,
                "--epochs",
                "1",
                "--validation-rows",
                "100",
                "--batch-size",
                "300",
                "--partitions",
                "2",
                "--json");
    }

    private Path copyOfGood() throws IOException {
        Path copy = directory.resolve("data");
        Files.createDirectories(copy);
        for (String file : List.of(TRAIN_PICTURES, TRAIN_LABELS, TEST_PICTURES, TEST_LABELS)) {
            Files.copy(good.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    /** Another value of the byte at this place from the end. */
    private static byte[] flipped(byte[] bytes, int fromEnd) {
        int at = bytes.length - fromEnd;
        return with(bytes, at, bytes[at] ^ 1);
    }

    private static byte[] narrow() {
        return join(header(TEST_ROWS, 28, 27), new byte[TEST_ROWS * 28 * 27]);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
