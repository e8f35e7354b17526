package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Good IDX files, and rows 21, 22 and 24 and half of row 23 of the table of faults (the rest: {@link GunzipTest}). */
class IdxSourceTest {
    private static final int ROWS = 30;
    private static final byte[] PICTURES = IdxBytes.pictures(ROWS, 4, 3);
    private static final byte[] LABELS = IdxBytes.labels(ROWS);

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of("plain", PICTURES, LABELS),
                Arguments.of("gzip", IdxBytes.gzip(PICTURES), IdxBytes.gzip(LABELS)),
                Arguments.of("gzip in two members", twoMembers(PICTURES), twoMembers(LABELS)),
                Arguments.of("mixed", IdxBytes.gzip(PICTURES), LABELS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void anySetOfRowsIsReadWhateverTheNameSays(String form, byte[] pictures, byte[] labels) throws IOException {
        MemoryStorage storage = new MemoryStorage().with("p.gz", pictures).with("l", labels);
        ArraySource source = ArraySource.idx(storage, "p.gz", "l");
        assertEquals(ROWS, source.rows());
        assertEquals(new Shape(4, 3), source.shape());
        assertEquals(12, source.features());
        assertEquals(10, source.classes());
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 100; round++) {
            int[] members = random.nextInt(4) == 0
                    ? IntStream.range(random.nextInt(15), 15 + random.nextInt(16))
                            .toArray()
                    : IntStream.range(0, ROWS)
                            .filter(row -> random.nextInt(3) == 0)
                            .toArray();
            Rows rows = source.read(RowSet.of(members), storage);
            assertEquals(members.length, rows.count());
            for (int i = 0; i < members.length; i++) {
                assertEquals(members[i] % 10, rows.label(i), "seed " + seed);
                for (int pixel = 0; pixel < 12; pixel++) {
                    assertEquals((7 * members[i] + pixel) % 256, rows.value(i, pixel), "seed " + seed);
                }
            }
        }
        assertEquals(13 % 10, source.labels(storage)[13]);
        assertEquals(0, storage.openStreams());
    }

    /** Tells how much is read from its files at once. */
    private record WatchedStorage(MemoryStorage files, AtomicInteger most) implements Storage {
        @Override
        public InputStream open(String path) throws IOException {
            return new FilterInputStream(files.open(path)) {
                @Override
                public int read(byte[] target, int from, int length) throws IOException {
                    most.accumulateAndGet(target.length, Math::max);
                    return super.read(target, from, length);
                }
            };
        }

        @Override
        public long length(String path) throws IOException {
            return files.length(path);
        }

        @Override
        public long modified(String path) throws IOException {
            return files.modified(path);
        }

        @Override
        public boolean exists(String path) {
            return files.exists(path);
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return files.list(directory);
        }
    }

    /** A task may have a third of the memory that all bytes of its rows take. */
    @Test
    void theBytesOfManyRowsAreNeverInMemoryAtOnce() throws IOException {
        int rows = 3001;
        MemoryStorage files = new MemoryStorage()
                .with("pictures", IdxBytes.pictures(rows, 64, 64))
                .with("labels", IdxBytes.labels(rows));
        WatchedStorage storage = new WatchedStorage(files, new AtomicInteger());
        Rows read = ArraySource.idx(storage, "pictures", "labels").read(RowSet.range(1, rows), storage);
        assertTrue(storage.most().get() < rows * 64 * 64 / 2, storage.most() + " bytes at once");
        for (int row : new int[] {1, 1024, 1025, 2048, 2049, 3000}) {
            assertEquals((7 * row + 4095) % 256, read.value(row - 1, 4095));
            assertEquals(row % 10, read.label(row - 1));
        }
    }

    static Stream<Arguments> brokenPictures() {
        byte[] notGzip = {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        return Stream.of(
                Arguments.of("found 0 bytes, expected a header of at least 8 bytes", new byte[0]),
                Arguments.of("found 1 bytes, expected a header of at least 8 bytes", IdxBytes.cut(PICTURES, 1)),
                Arguments.of("found 4 bytes, expected a header of 16 bytes", IdxBytes.cut(PICTURES, 4)),
                Arguments.of("found 15 bytes, expected a header of 16 bytes", IdxBytes.cut(PICTURES, 15)),
                Arguments.of("found 0 bytes of data, expected 360", IdxBytes.cut(PICTURES, 16)),
                Arguments.of("found 359 bytes of data, expected 360", IdxBytes.cut(PICTURES, 375)),
                Arguments.of("found 361 bytes of data, expected 360", IdxBytes.cut(PICTURES, 377)),
                Arguments.of("found first bytes 50 4b 03 04, expected 00 00 08 03", notGzip),
                Arguments.of("found first bytes 00 01 08 03", IdxBytes.with(PICTURES, 1, 1)),
                Arguments.of("found IDX type 0a, expected 08 (unsigned bytes)", IdxBytes.with(PICTURES, 2, 0x0A)),
                Arguments.of("found 360 bytes of data, expected 1440", IdxBytes.with(PICTURES, 2, 0x0D)),
                Arguments.of("found 364 bytes of data, expected 120", IdxBytes.with(PICTURES, 3, 2)),
                Arguments.of("found 255 dimensions", IdxBytes.with(PICTURES, 3, 255)),
                Arguments.of("are the files of pictures and labels exchanged?", LABELS),
                Arguments.of("found size -1 in dimension 1 of 3, expected at least 1", IdxBytes.header(-1, 28, 28)),
                Arguments.of("found size 0 in dimension 1 of 3", IdxBytes.header(0, 28, 28)),
                Arguments.of("found size 0 in dimension 2 of 3", IdxBytes.header(1, 0, 0)),
                Arguments.of(
                        "found 0 bytes of data, expected 1683627179248 as the header claims (2147483647 x 28 x 28)",
                        IdxBytes.header(Integer.MAX_VALUE, 28, 28)),
                Arguments.of(
                        "claims 2147483647 x 2147483647 x 2147483647 bytes",
                        IdxBytes.header(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)),
                Arguments.of("claims rows of 2147549184 bytes, expected at most", IdxBytes.header(1, 65_536, 32_769)),
                Arguments.of("expected at most 1032 bytes from each", IdxBytes.gzip(IdxBytes.header(1 << 30, 28, 28))),
                Arguments.of("the compressed data ends early", IdxBytes.cut(IdxBytes.gzip(PICTURES), 12)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenPictures")
    void brokenFileIsRefusedWhenItIsOpened(String message, byte[] pictures) throws IOException {
        MemoryStorage storage = new MemoryStorage().with("dir/p", pictures).with("l", LABELS);
        assertRefused("dir/p: ", message, () -> ArraySource.idx(storage, "dir/p", "l"));
        assertEquals(0, storage.openStreams());
    }

    static Stream<Arguments> brokenContents() {
        byte[] zipped = IdxBytes.gzip(PICTURES);
        int checksumAt = zipped.length - 8;
        return Stream.of(
                Arguments.of(
                        "found an end within row 29, expected 30 rows", IdxBytes.gzip(IdxBytes.cut(PICTURES, 375))),
                Arguments.of("found more data after row 29", IdxBytes.gzip(IdxBytes.cut(PICTURES, 377))),
                Arguments.of("found more data after row 29", IdxBytes.join(zipped, zipped)),
                Arguments.of("CRC32 error", IdxBytes.with(zipped, checksumAt, zipped[checksumAt] + 1)),
                Arguments.of("size mismatch", IdxBytes.with(zipped, zipped.length - 4, zipped[zipped.length - 4] + 1)),
                Arguments.of("the compressed data ends early", IdxBytes.cut(zipped, zipped.length - 1)),
                Arguments.of("data after a valid .gz stream", IdxBytes.join(zipped, new byte[] {'j', 'u', 'n', 'k'})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenContents")
    void brokenGzipIsRefusedByTheReaderOfTheLastRow(String message, byte[] pictures) throws IOException {
        MemoryStorage storage = new MemoryStorage().with("p", pictures).with("l", LABELS);
        ArraySource source = ArraySource.idx(storage, "p", "l");
        assertRefused("p: ", message, () -> source.read(RowSet.range(20, 30), storage));
        assertRefused("p: ", message, () -> source.read(RowSet.of(new int[] {2, 29}), storage));
        assertEquals(12, source.read(RowSet.range(0, 12), storage).count(), "earlier readers stop before the damage");
        assertEquals(0, storage.openStreams());
    }

    @Test
    void gzipCutAnywhereNeverGivesRowsThatWereNotThere() throws IOException {
        byte[] zipped = IdxBytes.gzip(PICTURES);
        for (int length = 0; length < zipped.length; length++) {
            MemoryStorage storage =
                    new MemoryStorage().with("p", IdxBytes.cut(zipped, length)).with("l", LABELS);
            UserError error = assertThrows(
                    UserError.class,
                    () -> ArraySource.idx(storage, "p", "l").read(RowSet.range(0, ROWS), storage),
                    "cut to " + length);
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
        }
    }

    @Test
    void claimsOfTheHeaderCostNoMemory() {
        byte[] huge = IdxBytes.header(Integer.MAX_VALUE, 28, 28);
        byte[] bomb = IdxBytes.gzip(IdxBytes.join(IdxBytes.header(2, 28, 28), new byte[64 << 20]));
        byte[] two = IdxBytes.labels(2);
        for (byte[] pictures : new byte[][] {huge, IdxBytes.gzip(huge), bomb}) {
            MemoryStorage storage = new MemoryStorage().with("p", pictures).with("l", two);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            assertThrows(
                    UserError.class, () -> ArraySource.idx(storage, "p", "l").read(RowSet.range(0, 2), storage));
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertTrue(allocated < 1 << 20, () -> allocated + " bytes were allocated");
        }
    }

    @Test
    void readerOfAnEarlySliceStopsEarly() throws IOException {
        byte[] many = IdxBytes.pictures(20_000, 28, 28);
        byte[] labels = IdxBytes.labels(20_000);
        for (byte[] pictures : new byte[][] {many, IdxBytes.gzip(many)}) {
            MemoryStorage storage = new MemoryStorage().with("p", pictures).with("l", labels);
            ArraySource source = ArraySource.idx(storage, "p", "l");
            long before = storage.bytesRead();
            source.read(RowSet.range(100, 200), storage);
            assertTrue(storage.bytesRead() - before < 400_000, () -> "read " + storage.bytesRead() + " bytes");
        }
    }

    @Test
    void readerOfALateSliceOfAPlainFileSkipsWhatComesBefore() throws IOException {
        MemoryStorage storage =
                new MemoryStorage().with("p", IdxBytes.pictures(20_000, 28, 28)).with("l", IdxBytes.labels(20_000));
        ArraySource source = ArraySource.idx(storage, "p", "l");
        long before = storage.bytesRead();
        assertEquals(
                (7 * 19_900 + 3) % 256,
                source.read(RowSet.range(19_900, 20_000), storage).value(0, 3));
        assertTrue(storage.bytesRead() - before < 400_000, () -> "read " + storage.bytesRead() + " bytes");
    }

    @Test
    void onlyUserErrorsEscapeWhateverTheBytes() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        byte[][] originals = {PICTURES, IdxBytes.gzip(PICTURES), twoMembers(PICTURES)};
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = originals[round % originals.length].clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(random.nextInt(bytes.length) + 1)] = (byte) random.nextInt(256);
            }
            MemoryStorage storage = new MemoryStorage()
                    .with("p", IdxBytes.cut(bytes, bytes.length - Math.max(0, random.nextInt(40) - 30)))
                    .with("l", LABELS);
            try {
                ArraySource source = ArraySource.idx(storage, "p", "l");
                assertEquals(ROWS, source.read(RowSet.range(0, ROWS), storage).count());
            } catch (UserError expected) {
                refused++;
            } catch (RuntimeException | IOException escaped) {
                throw new AssertionError("round " + round + ", seed " + seed, escaped);
            }
            assertEquals(0, storage.openStreams(), "round " + round + ", seed " + seed);
        }
        assertTrue(refused > 1000, refused + " of 5000 were refused");
    }

    @Test
    void labelsMustBeAsManyAsPictures() {
        MemoryStorage storage = new MemoryStorage().with("p", PICTURES).with("l", IdxBytes.labels(29));
        assertRefused(
                "l: ",
                "found 29 labels, expected 30 as there are pictures in p",
                () -> ArraySource.idx(storage, "p", "l"));
        assertEquals(0, storage.openStreams());
    }

    @Test
    void labelBeyondTheClassesIsRefusedWithItsRow() throws IOException {
        MemoryStorage storage = new MemoryStorage().with("p", PICTURES).with("l", IdxBytes.with(LABELS, 8 + 17, 10));
        ArraySource source = ArraySource.idx(storage, "p", "l");
        String message = "found label 10 in row 17, expected 0 to 9";
        assertRefused("l: ", message, () -> source.labels(storage));
        assertRefused("l: ", message, () -> source.read(RowSet.of(new int[] {3, 17}), storage));
        assertEquals(
                10,
                ArraySource.open(
                                storage,
                                DataFormat.IDX,
                                new IdxFile("p"),
                                Optional.of(new IdxFile("l")),
                                ReadingOptions.AUTO,
                                Optional.of(Classes.numbered(0, 11)))
                        .read(RowSet.range(17, 18), storage)
                        .label(0));
    }

    @Test
    void fileThatChangedSinceItWasOpenedIsRefused() throws IOException {
        MemoryStorage storage = new MemoryStorage().with("p", PICTURES).with("l", LABELS);
        ArraySource source = ArraySource.idx(storage, "p", "l");
        storage.with("p", IdxBytes.pictures(ROWS, 3, 4));
        assertRefused("p: ", "as when it was first opened", () -> source.read(RowSet.range(0, 1), storage));
        storage.with("l", IdxBytes.labels(31));
        assertRefused("l: ", "found 31 labels, expected 30", () -> source.labels(storage));
    }

    @Test
    void missingFileIsNamed() {
        MemoryStorage storage = new MemoryStorage().with("p", PICTURES);
        UserError error = assertThrows(UserError.class, () -> ArraySource.idx(storage, "p", "lost"));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertEquals("lost: there is no such file or directory, expected data; check the path.", error.getMessage());
        assertEquals(0, storage.openStreams());
    }

    @Test
    void joinedSourcesReadAsOne() throws IOException {
        MemoryStorage storage = new MemoryStorage().with("p", PICTURES).with("l", LABELS);
        ArraySource one = ArraySource.idx(storage, "p", "l");
        JoinedSource both = new JoinedSource(List.of(one, one));
        assertEquals(60, both.rows());
        assertEquals(List.of("p", "l", "p", "l"), both.paths());
        int[] wanted = {0, 13, 29, 30, 43, 59};
        for (int[] members : new int[][] {wanted, {1, 2}, {30, 31}, {}}) {
            Rows rows = both.read(RowSet.of(members), storage);
            assertEquals(members.length, rows.count());
            for (int i = 0; i < members.length; i++) {
                assertEquals(members[i] % 30 % 10, rows.label(i));
                assertEquals((7 * (members[i] % 30) + 5) % 256, rows.value(i, 5));
            }
        }
        int[] labels = both.labels(storage);
        assertEquals(60, labels.length);
        assertArrayEquals(one.labels(storage), Arrays.copyOfRange(labels, 30, 60));
    }

    private interface Reading {
        Object run() throws IOException;
    }

    private static void assertRefused(String path, String part, Reading reading) {
        UserError error = assertThrows(UserError.class, reading::run);
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith(path), error.getMessage());
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertTrue(error.getMessage().contains("expected"), error.getMessage());
    }

    private static byte[] twoMembers(byte[] content) {
        byte[] tail = Arrays.copyOfRange(content, 20, content.length);
        return IdxBytes.join(IdxBytes.gzip(IdxBytes.cut(content, 20)), IdxBytes.gzip(tail));
    }
}
