package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.formats.DataChoice;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLocatorTest {
    /** Port 9 of this machine, where nobody listens: refused at once. */
    private static final MnistDownload OFFLINE = new MnistDownload(
            MnistDownload.brief().files(),
            List.of(URI.create("http://127.0.0.1:9/")),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void nothingButAnEmptyCache() {
        environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    }

    @Test
    void namedDirectoryComesFirstThenDataMnistThenTheCache() throws IOException {
        Path cache = writeMnist("cache/treegrad/mnist");
        assertFound(cache, "Data: MNIST from the download cache, " + cache + ".");
        Path local = writeMnist("data/mnist");
        assertFound(local, "Data: MNIST from data/mnist.");
        Path named = writeMnist("named");
        environment.put("MNIST_DIR", named.toString());
        assertFound(named, "Data: MNIST from MNIST_DIR, " + named + ".");
    }

    @Test
    void namedDirectoryThatIsMissingOrLacksAFileIsAnErrorAndNoOtherIsTaken() throws IOException {
        writeMnist("data/mnist");
        environment.put("MNIST_DIR", "/typo");
        assertNamedDirectoryIsRefused("MNIST_DIR=/typo is not a directory: expected a directory with the four files");
        Files.delete(writeMnist("named").resolve("t10k-labels-idx1-ubyte"));
        environment.put("MNIST_DIR", "named");
        assertNamedDirectoryIsRefused("MNIST_DIR=named does not have all four files: expected a directory with");
    }

    private void assertNamedDirectoryIsRefused(String beginning) {
        for (String data : List.of("auto", "mnist")) {
            UserError error = assertThrows(UserError.class, () -> locator().locate(DataChoice.parse(data)));
            assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
            assertTrue(error.getMessage().startsWith(beginning), error.getMessage());
        }
    }

    @Test
    void namedDirectoryOfTheDigitsIsTheOnlyOneLookedInto() throws IOException {
        Files.write(Files.createDirectories(directory.resolve("data/digits")).resolve("digits.csv"), new byte[] {1});
        environment.put("DIGITS_DIR", "/typo");
        UserError error = assertThrows(UserError.class, () -> locator().locate(DataChoice.parse("digits")));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertTrue(error.getMessage().contains("(DIGITS_DIR=/typo does not have them): expected"), error.getMessage());
    }

    @Test
    void ownDirectoryThatLacksAFileIsPassedOver() throws IOException {
        Files.delete(writeMnist("data/mnist").resolve("t10k-labels-idx1-ubyte"));
        Path cache = writeMnist("cache/treegrad/mnist");
        assertFound(cache, "Data: MNIST from the download cache, " + cache + ".");
    }

    @Test
    void brokenFilesAreAnErrorAndNoReasonToTakeOtherData() throws IOException {
        Files.write(writeMnist("data/mnist").resolve("train-images-idx3-ubyte"), new byte[] {1, 2, 3});
        UserError error = assertThrows(UserError.class, () -> locator().mnistOrSynthetic(OFFLINE));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
    }

    @Test
    void withoutMnistTheSentenceSaysWhyAndWhatInstead() {
        DataLocator.Location location = locator().mnistOrSynthetic(OFFLINE);
        assertEquals(DataChoice.Kind.SYNTHETIC, location.kind());
        assertEquals("""
                Data: MNIST is not available (MNIST_DIR is not set; data/mnist is not a directory; the download cache is \
                not a directory; its mirrors cannot be reached).
                This run trains on the built-in synthetic digits instead: its figures are not MNIST's.
                For MNIST run fetch-data, or set MNIST_DIR to a directory with its four files.""", location.sentence());
    }

    @Test
    void unwritableCacheIsNotFatal() throws IOException {
        environment.put(
                "XDG_CACHE_HOME",
                Files.writeString(directory.resolve("file"), "x").toString());
        DataLocator.Location location = locator().mnistOrSynthetic(OFFLINE);
        assertEquals(DataChoice.Kind.SYNTHETIC, location.kind());
        assertTrue(location.sentence().contains("cannot be written"), location.sentence());
    }

    @Test
    void cacheThatTheLocaleCannotExpressIsNotFatal() {
        environment.put("XDG_CACHE_HOME", "/no\0path");
        assertEquals(
                DataChoice.Kind.SYNTHETIC, locator().mnistOrSynthetic(OFFLINE).kind());
        assertEquals(
                UserError.Kind.CANNOT_WRITE,
                assertThrows(UserError.class, () -> locator().mnist(OFFLINE)).kind());
    }

    @Test
    void runThatWasToldMnistNeverFallsBack() {
        UserError error = assertThrows(UserError.class, () -> locator().mnist(OFFLINE));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
    }

    @Test
    void syntheticAndPathsAreTakenAtTheirWord() {
        assertEquals(
                DataChoice.Kind.SYNTHETIC,
                locator().locate(DataChoice.parse("synthetic")).kind());
        assertEquals(
                new DataLocator.Location(DataChoice.Kind.PATH, "hdfs://u:p@h/x", "Data: hdfs://***@h/x."),
                locator().locate(DataChoice.parse("hdfs://u:p@h/x")));
    }

    @Test
    void digitsComeFromTheNamedDirectoryThenFromDataDigits() throws IOException {
        UserError missing = assertThrows(UserError.class, () -> locator().locate(DataChoice.parse("digits")));
        assertEquals(UserError.Kind.INPUT_MISSING, missing.kind());
        assertTrue(
                missing.getMessage()
                        .startsWith(
                                "The 8x8 digits were not found (DIGITS_DIR is not set; data/digits does not have them): expected"
                                        + " digits.csv or digits.csv.gz"),
                missing.getMessage());
        Path local = Files.createDirectories(directory.resolve("data/digits")).resolve("digits.csv.gz");
        Files.write(local, new byte[] {1});
        assertEquals(
                new DataLocator.Location(
                        DataChoice.Kind.DIGITS, local.toString(), "Data: the 8x8 digits from data/digits."),
                locator().locate(DataChoice.parse("digits")));
        Path named = Files.createDirectories(directory.resolve("named")).resolve("digits.csv");
        Files.write(named, new byte[] {1});
        environment.put("DIGITS_DIR", "named");
        assertEquals(
                named.toString(), locator().locate(DataChoice.parse("digits")).path());
    }

    @Test
    void tablesOfTheJarAreKnownByName() {
        assertEquals(
                new DataLocator.Location(DataChoice.Kind.BUILT_IN, "xor", "Data: the built-in table xor."),
                locator().locate(DataChoice.parse("xor")));
        assertEquals(
                DataChoice.Kind.BUILT_IN,
                locator().locate(DataChoice.parse("seven-segment")).kind());
    }

    @Test
    void cacheFollowsTheXdgSpecification() {
        environment.put("HOME", "/home/somebody");
        environment.put("XDG_CACHE_HOME", "relative");
        assertEquals(Path.of("/home/somebody/.cache/treegrad/mnist"), locator().cache());
        environment.put("XDG_CACHE_HOME", "/var/cache");
        assertEquals(Path.of("/var/cache/treegrad/mnist"), locator().cache());
    }

    private void assertFound(Path expected, String sentence) {
        assertEquals(
                new DataLocator.Location(DataChoice.Kind.MNIST, expected.toString(), sentence),
                locator().mnistOrSynthetic(OFFLINE));
    }

    private DataLocator locator() {
        return new DataLocator(environment, directory, line -> {});
    }

    /** One image of one pixel in each file. */
    private Path writeMnist(String place) throws IOException {
        Path path = Files.createDirectories(directory.resolve(place));
        byte[] images = ByteBuffer.allocate(17)
                .putInt(0x803)
                .putInt(1)
                .putInt(1)
                .putInt(1)
                .put((byte) 5)
                .array();
        byte[] labels =
                ByteBuffer.allocate(9).putInt(0x801).putInt(1).put((byte) 3).array();
        Files.write(path.resolve("train-images-idx3-ubyte"), images);
        Files.write(path.resolve("t10k-images-idx3-ubyte"), images);
        Files.write(path.resolve("train-labels-idx1-ubyte"), labels);
        Files.write(path.resolve("t10k-labels-idx1-ubyte"), labels);
        return path;
    }
}
