package io.treegrad.spark;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A local disk at {@code faulty:} paths that counts its operations and goes wrong at one of them. State is static, since
 * Hadoop makes the objects; one test at a time uses it.
 */
public final class FaultyFileSystem extends FilterFileSystem {
    /** What happens at the operation of the given number. */
    enum Fault {
        NONE,
        /** It fails, and those after it do not. */
        FAIL,
        /** From it on nothing can be written, but files can be removed. */
        DISK_FULL,
        /** A file that is closed from then on lacks its last byte, and nobody is told. */
        LOSE_THE_END,
        /** From it on everything fails; once the machine is up again, bytes that were not synced are gone. */
        CRASH
    }

    private static final Map<Path, Long> SYNCED = new LinkedHashMap<>();
    private static Fault fault = Fault.NONE;
    private static int faultyOperation;
    private static int operations;
    private static boolean renameWorks = true;

    /** Starts to count: operation number {@code n}, from 1, is the faulty one. */
    static synchronized void arm(Fault what, int n) {
        fault = what;
        faultyOperation = n;
        operations = 0;
        SYNCED.clear();
    }

    /** All is well again; after a crash, as a disk is found. Returns whether the fault has happened. */
    static synchronized boolean disarm() throws IOException {
        boolean happened = fault != Fault.NONE && operations >= faultyOperation;
        if (happened && fault == Fault.CRASH) {
            for (Map.Entry<Path, Long> file : SYNCED.entrySet()) {
                if (Files.exists(file.getKey())) {
                    try (RandomAccessFile bytes =
                            new RandomAccessFile(file.getKey().toFile(), "rw")) {
                        bytes.setLength(Math.min(bytes.length(), file.getValue()));
                    }
                }
            }
        }
        fault = Fault.NONE;
        renameWorks = true;
        return happened;
    }

    static synchronized void refuseRenames() {
        renameWorks = false;
    }

    static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
        return configuration;
    }

    /** @param writes whether the operation needs room */
    private static synchronized void count(String operation, boolean writes) throws IOException {
        operations++;
        switch (fault) {
            case FAIL -> {
                if (operations == faultyOperation) {
                    throw new IOException("injected at operation " + operations + ", " + operation);
                }
            }
            case DISK_FULL -> {
                if (writes && operations >= faultyOperation) {
                    throw new IOException("No space left on device");
                }
            }
            case CRASH -> {
                if (operations >= faultyOperation) {
                    throw new IOException("the machine is down");
                }
            }
            case NONE, LOSE_THE_END -> {}
        }
    }

    private static synchronized void synced(Path file, long size) {
        SYNCED.put(file, size);
    }

    private static synchronized boolean losesTheEnd() {
        return fault == Fault.LOSE_THE_END && operations >= faultyOperation;
    }

    public FaultyFileSystem() {
        super(new RawLocalFileSystem());
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        fs.initialize(URI.create("file:///"), conf);
    }

    @Override
    public URI getUri() {
        return URI.create("faulty:///");
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    protected void checkPath(org.apache.hadoop.fs.Path path) {}

    @Override
    public org.apache.hadoop.fs.Path makeQualified(org.apache.hadoop.fs.Path path) {
        return path;
    }

    private static org.apache.hadoop.fs.Path local(org.apache.hadoop.fs.Path path) {
        return new org.apache.hadoop.fs.Path("file", null, path.toUri().getPath());
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
        count("create", true);
        Path file = Path.of(path.toUri().getPath());
        if (!overwrite && Files.exists(file)) {
            throw new org.apache.hadoop.fs.FileAlreadyExistsException(file.toString());
        }
        Files.createDirectories(file.getParent());
        synced(file, 0);
        return new FSDataOutputStream(new Sink(file), null);
    }

    private static final class Sink extends OutputStream implements Syncable, StreamCapabilities {
        private final Path file;
        private final FileOutputStream out;
        private boolean closed;

        Sink(Path file) throws IOException {
            this.file = file;
            this.out = new FileOutputStream(file.toFile());
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            count("write", true);
            out.write(bytes, from, length);
        }

        @Override
        public void hflush() throws IOException {
            hsync();
        }

        @Override
        public void hsync() throws IOException {
            count("sync", true);
            synced(file, out.getChannel().size());
        }

        @Override
        public boolean hasCapability(String capability) {
            return capability.equals(StreamCapabilities.HSYNC);
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (out) {
                count("close", true);
                if (losesTheEnd()) {
                    out.getChannel().truncate(Math.max(0, out.getChannel().size() - 1));
                }
            }
        }
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
        count("open", false);
        return fs.open(local(path), bufferSize);
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
        count("rename", true);
        return renameWorks && fs.rename(local(from), local(to));
    }

    @Override
    public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
        count("delete", false);
        return fs.delete(local(path), recursive);
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path path, FsPermission permission) throws IOException {
        count("mkdirs", true);
        return fs.mkdirs(local(path));
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path path) throws IOException {
        return mkdirs(path, null);
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
        count("getFileStatus", false);
        return fs.getFileStatus(local(path));
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
        count("listStatus", false);
        return fs.listStatus(local(path));
    }

    static String path(Path directory) {
        return "faulty://" + directory;
    }
}
