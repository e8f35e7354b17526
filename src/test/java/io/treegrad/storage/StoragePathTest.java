package io.treegrad.storage;

import static org.apache.hadoop.fs.Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is promised of paths holds on a local disk and through a Hadoop file system alike. */
class StoragePathTest {
    @TempDir
    private Path directory;

    /** The scheme of each: {@code faulty} is Hadoop's wrapper of a local disk. */
    static Stream<String> schemes() {
        return Stream.of("file", "faulty");
    }

    private StoragePath at(String scheme, String name) throws IOException {
        return new HadoopStorage(FaultyFileSystem.configuration()).at(scheme + "://" + directory.resolve(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void devicesAndPipesAreNoFiles() throws IOException {
        Path device = Files.createSymbolicLink(directory.resolve("model.json"), Path.of("/dev/zero"));
        assertFalse(new LocalPath(device).isFile());
        assertFalse(new LocalPath(directory).isFile());
        assertTrue(new LocalPath(
                        Files.createSymbolicLink(directory.resolve("link"), Files.createFile(directory.resolve("x"))))
                .isFile());
    }

    @Test
    void localPathsGoAroundHadoop() throws IOException {
        HadoopStorage storage = new HadoopStorage(new Configuration());
        for (String path : List.of(directory + "/a b%20", "file:" + directory + "/a b%20")) {
            assertEquals(new LocalPath(directory.resolve("a b%20")), storage.at(path));
        }
        Path here = Path.of("").toAbsolutePath();
        for (String name : List.of("a:b", "2026-01-01T00:00", "a/b:c", "x")) {
            assertEquals(new LocalPath(here.resolve(name)), storage.at(name));
        }
        Configuration elsewhere = new Configuration();
        elsewhere.set("fs.defaultFS", "faulty:///");
        elsewhere.set("fs.faulty.impl", FaultyFileSystem.class.getName());
        assertTrue(new HadoopStorage(elsewhere).at("/a") instanceof HadoopPath);
    }

    @Test
    void aDirectoryBesideOneThatIsMissingGetsItsFile() throws IOException {
        new LocalPath(directory.resolve("missing/../x/f")).write(out -> out.write(1));
        assertEquals(List.of("f"), new LocalPath(directory.resolve("x")).names());
    }

    /** As tasks get it. */
    @Test
    void aStorageTravelsWithItsConfiguration() throws Exception {
        Configuration elsewhere = FaultyFileSystem.configuration();
        elsewhere.set("fs.defaultFS", "faulty:///");
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(sent)) {
            out.writeObject(new HadoopStorage(elsewhere));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent.toByteArray()))) {
            HadoopStorage received = (HadoopStorage) in.readObject();
            received.at(directory + "/f").write(out -> out.write(1));
            assertTrue(received.at(directory + "/f") instanceof HadoopPath);
            assertEquals(List.of("f"), received.list(directory.toString()));
            assertEquals(
                    Files.getLastModifiedTime(directory.resolve("f")).toMillis(), received.modified(directory + "/f"));
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void whatIsNotThereIsSaidToBeNotFound(String scheme) throws IOException {
        StoragePath none = at(scheme, "none");
        assertThrows(FileNotFoundException.class, none::open);
        assertThrows(FileNotFoundException.class, none::length);
        assertThrows(FileNotFoundException.class, none::modified);
        assertFalse(none.isFile());
        assertFalse(none.rename("other"));
        assertEquals(List.of(), none.names());
        none.delete();
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void aFileIsWrittenWithItsDirectoriesAndReplacedOnlyWhereItMayBe(String scheme) throws IOException {
        StoragePath file = at(scheme, "a/b/file");
        assertEquals(3, file.write(out -> out.write(bytes("old"))).size());
        assertThrows(IOException.class, () -> file.write(out -> out.write(bytes("other"))));
        assertEquals("old", Files.readString(directory.resolve("a/b/file")));
        file.replace(out -> out.write(bytes("n")));
        assertEquals("n", new String(file.open().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(1, file.length());
        assertTrue(file.isFile());
        assertFalse(at(scheme, "a").isFile());
    }

    @Test
    void aLocalFileThatCannotBeReplacedStaysWhatItWas() throws IOException {
        StoragePath file = at("file", "CURRENT");
        file.replace(out -> out.write(bytes("old")));
        IOException failure = assertThrows(
                IOException.class,
                () -> file.replace(out -> {
                    out.write(bytes("ne"));
                    out.flush();
                    assertEquals(
                            "old", Files.readString(directory.resolve("CURRENT")), "what a reader finds meanwhile");
                    throw new IOException("No space left on device");
                }));
        assertEquals("No space left on device", failure.getMessage());
        assertEquals("old", Files.readString(directory.resolve("CURRENT")));
        assertEquals(List.of("CURRENT"), at("file", "").names());
    }

    @Test
    void aLinkStaysALinkAndADeviceADevice() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Files.createSymbolicLink(directory.resolve("link"), target);
        at("file", "link").replace(out -> out.write(bytes("new")));
        assertTrue(Files.isSymbolicLink(directory.resolve("link")));
        assertEquals("new", Files.readString(target));
        new LocalPath(Path.of("/dev/null")).replace(out -> out.write(bytes("new")));
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    }

    @Test
    void aLinkToNothingStaysALinkAndGetsItsFile() throws IOException {
        Path target = Files.createDirectory(directory.resolve("disk")).resolve("target");
        Files.createSymbolicLink(directory.resolve("first"), target);
        Files.createSymbolicLink(directory.resolve("link"), Path.of("first"));
        at("file", "link").replace(out -> out.write(bytes("new")));
        assertTrue(Files.isSymbolicLink(directory.resolve("link")));
        assertTrue(Files.isSymbolicLink(directory.resolve("first")));
        assertEquals("new", Files.readString(target));
    }

    @Test
    void theFileOfALinkThatCannotBeReplacedStaysWhatItWas() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Files.createSymbolicLink(directory.resolve("link"), target);
        assertThrows(IOException.class, () -> at("file", "link").replace(out -> {
            out.write(bytes("ne"));
            out.flush();
            throw new IOException("No space left on device");
        }));
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("link", "target"), at("file", "").names());
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
        assertThrows(IOException.class, () -> at("file", "a").replace(out -> out.write(bytes("new"))));
        assertEquals(List.of("a", "b"), at("file", "").names());
    }

    @Test
    void whatStandsInTheWayOfADirectoryIsTold() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("unmounted"));
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(
                link + ": it is a link to unmounted, which does not exist",
                assertThrows(IOException.class, () -> at("file", "link/x").write(out -> out.write(1)))
                        .getMessage());
        assertEquals(
                file + ": it is no directory",
                assertThrows(IOException.class, () -> at("file", "file").makeDirectory())
                        .getMessage());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void aFileIsCreatedOnlyOnce(String scheme) throws IOException {
        assertTrue(at(scheme, "d/LOCK").create(bytes("one")));
        assertFalse(at(scheme, "d/LOCK").create(bytes("two")));
        assertEquals("one", Files.readString(directory.resolve("d/LOCK")));
        assertEquals(List.of("LOCK"), at(scheme, "d").names());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void aNameMayChangeAndItsTimeBeSet(String scheme) throws IOException {
        at(scheme, "b").write(out -> out.write(1));
        assertTrue(at(scheme, "b").rename("a"));
        at(scheme, "a").setModified(1_700_000_000_000L);
        assertEquals(1_700_000_000_000L, at(scheme, "a").modified());
        at(scheme, "c").makeDirectory();
        assertEquals(List.of("a", "c"), at(scheme, "").names());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void aDirectoryGoesWithAllItHoldsButNotWhatItsLinksLeadTo(String scheme) throws IOException {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "stays");
        at(scheme, "gone/deep/file").write(out -> out.write(1));
        Files.createSymbolicLink(directory.resolve("gone/link"), kept);
        at(scheme, "gone").delete();
        assertEquals(List.of("kept"), at(scheme, "").names());
        assertEquals("stays", Files.readString(kept.resolve("file")));
    }

    @Test
    void anExistingLocalFileIsSaidToExist() throws IOException {
        at("file", "x").write(out -> out.write(1));
        assertThrows(FileAlreadyExistsException.class, () -> at("file", "x").write(out -> out.write(2)));
    }

    @Test
    void aStreamThatFailsIsClosedAndLeavesNoHalfLock() throws IOException {
        for (boolean sameOnClose : new boolean[] {true, false}) {
            UnwritableFileSystem disk = new UnwritableFileSystem(sameOnClose);
            HadoopPath lock = new HadoopPath(disk, path("LOCK"));
            IOException failure = assertThrows(IOException.class, () -> lock.create(bytes("one")));
            assertEquals("write", failure.getMessage());
            assertEquals(sameOnClose ? 0 : 1, failure.getSuppressed().length);
            assertEquals(1, disk.closed);
            assertFalse(Files.exists(directory.resolve("LOCK")));
        }
    }

    @Test
    void whatIsWrittenIsClosed() throws IOException {
        UnwritableFileSystem disk = new UnwritableFileSystem(true);
        new HadoopPath(disk, path("empty")).write(out -> {});
        assertEquals(1, disk.closed);
    }

    /** S3A checks this when the stream is closed; its answer to a request that it repeats may be that it has been done. */
    @Test
    void anObjectStoreThatCreatesOnlyNewObjectsDecidesWhoGetsALock() throws IOException {
        HadoopPath lock = new HadoopPath(new ConditionalFileSystem(), path("LOCK"));
        assertTrue(lock.create(bytes("mine")));
        assertEquals("mine", Files.readString(directory.resolve("LOCK")));
        assertTrue(lock.create(bytes("mine")), "its own first attempt came through unheard");
        assertFalse(lock.create(bytes("his")));
        assertFalse(lock.create(bytes("min")));
        HadoopPath nowhere = new HadoopPath(new ConditionalFileSystem(), path("none/LOCK"));
        assertThrows(IOException.class, () -> nowhere.create(bytes("mine")));
    }

    @Test
    void whatIsSkippedIsNotRead() throws IOException {
        byte[] content = new byte[1 << 20];
        content[content.length - 1] = 7;
        Files.write(directory.resolve("large"), content);
        try (InputStream in = new HadoopPath(new CountingFileSystem(), path("large")).open()) {
            in.skipNBytes(content.length - 1);
            assertEquals(7, in.read());
            assertEquals(-1, in.read());
            assertThrows(EOFException.class, () -> in.skipNBytes(1));
        }
        assertTrue(CountingFileSystem.read < 10, CountingFileSystem.read + " bytes were read");
    }

    private org.apache.hadoop.fs.Path path(String name) {
        return new org.apache.hadoop.fs.Path(directory.resolve(name).toUri());
    }

    /** Counts the bytes that are read; its streams skip by reading, as those of object stores do. */
    private static final class CountingFileSystem extends FilterFileSystem {
        private static long read;

        CountingFileSystem() throws IOException {
            super(FileSystem.getLocal(new Configuration()).getRawFileSystem());
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            RandomAccessFile file = new RandomAccessFile(path.toUri().getPath(), "r");
            return new FSDataInputStream(new FSInputStream() {
                @Override
                public int read() throws IOException {
                    read++;
                    return file.read();
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int count = file.read(target, offset, length);
                    read += Math.max(0, count);
                    return count;
                }

                @Override
                public void seek(long position) throws IOException {
                    file.seek(position);
                }

                @Override
                public long getPos() throws IOException {
                    return file.getFilePointer();
                }

                @Override
                public boolean seekToNewSource(long position) {
                    return false;
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            });
        }
    }

    /** Its streams can be closed and not written; HDFS throws the same exception at both. */
    private static final class UnwritableFileSystem extends FilterFileSystem {
        private final boolean sameOnClose;
        private int closed;

        UnwritableFileSystem(boolean sameOnClose) throws IOException {
            super(FileSystem.getLocal(new Configuration()).getRawFileSystem());
            this.sameOnClose = sameOnClose;
        }

        @Override
        public FSDataOutputStream create(
                org.apache.hadoop.fs.Path path,
                FsPermission permission,
                boolean overwrite,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            Files.createFile(Path.of(path.toUri()));
            OutputStream out = new OutputStream() {
                private IOException failure;

                @Override
                public void write(int value) throws IOException {
                    failure = new IOException("write");
                    throw failure;
                }

                @Override
                public void close() throws IOException {
                    closed++;
                    if (failure != null) {
                        throw sameOnClose ? failure : new IOException("close");
                    }
                }
            };
            return new FSDataOutputStream(out, null);
        }
    }

    /** Creates a file when its stream is closed, if there is none. */
    private static final class ConditionalFileSystem extends FilterFileSystem {
        ConditionalFileSystem() throws IOException {
            super(FileSystem.getLocal(new Configuration()).getRawFileSystem());
        }

        @Override
        public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability) {
            return capability.equals(FS_OPTION_CREATE_CONDITIONAL_OVERWRITE);
        }

        @Override
        public FSDataOutputStreamBuilder<?, ?> createFile(org.apache.hadoop.fs.Path path) {
            return new Builder(this, path);
        }

        private static final class Builder extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
            Builder(FileSystem fileSystem, org.apache.hadoop.fs.Path path) {
                super(fileSystem, path);
            }

            @Override
            public Builder getThisBuilder() {
                return this;
            }

            @Override
            public FSDataOutputStream build() throws IOException {
                assertEquals(Set.of(FS_OPTION_CREATE_CONDITIONAL_OVERWRITE), getMandatoryKeys());
                Path file = Path.of(getPath().toUri());
                ByteArrayOutputStream object = new ByteArrayOutputStream() {
                    @Override
                    public void close() throws IOException {
                        Files.write(file, toByteArray(), StandardOpenOption.CREATE_NEW);
                    }
                };
                return new FSDataOutputStream(object, null);
            }
        }
    }
}
