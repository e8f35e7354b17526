package io.treegrad.storage;

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
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * A local disk at {@code faulty:/path} or {@code faulty://user:password@anywhere/path}, or the HDFS at {@code
 * faulty://host:port/path}, that counts its operations and goes wrong at one of them. State is static, since Hadoop makes the objects; one test at a time uses it.
 */
public final class FaultyFileSystem extends FilterFileSystem {
    /** What happens at the operation of the given number. */
    public enum Fault {
        NONE,
        /** It fails, and those after it do not. */
        FAIL,
        /** From it on nothing can be written, but files can be removed. */
        DISK_FULL,
        /** A file that is closed from then on lacks its last byte, and nobody is told. Not on HDFS, which has checksums. */
        LOSE_THE_END,
        /**
         * From it on everything fails; once the machine is up again, bytes that were not synced are gone from a disk, and
         * on HDFS the files that were open still are.
         */
        CRASH,
        /** Something happens elsewhere before it. */
        EVENT,
        /** From it on every write takes a while. */
        SLOW,
        /** From it on no file can be read. */
        UNREADABLE
    }

    private static final long MILLIS_OF_A_SLOW_WRITE = 20;
    private static final Map<Path, Long> SYNCED = new LinkedHashMap<>();
    private static Fault fault = Fault.NONE;
    private static Runnable event = () -> {};
    private static String counted = "";
    private static int faultyOperation;
    private static int operations;
    private static int crashes;
    private static boolean renameWorks = true;
    private static boolean timesWork = true;

    /** At which of the crashes the wrapped file system was made. */
    private int born;

    /** Starts to count: operation number {@code n}, from 1, is the faulty one. */
    static void arm(Fault what, int n) {
        arm(what, n, "");
    }

    /** The same, but only operations on paths that hold these letters count and go wrong. */
    public static synchronized void arm(Fault what, int n, String path) {
        fault = what;
        faultyOperation = n;
        counted = path;
        operations = 0;
        SYNCED.clear();
    }

    /** Before operation number {@code n} something happens. */
    static void arm(Runnable what, int n) {
        arm(what, n, "");
    }

    /** The same, but only operations on paths that hold these letters count. */
    static synchronized void arm(Runnable what, int n, String path) {
        arm(Fault.EVENT, n, path);
        event = what;
    }

    /** All is well again; after a crash, as a disk is found. Returns whether the fault has happened. */
    public static synchronized boolean disarm() throws IOException {
        boolean happened = fault != Fault.NONE && operations >= faultyOperation;
        if (happened && fault == Fault.CRASH) {
            crashes++;
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
        timesWork = true;
        return happened;
    }

    /** How many there were since it was armed. */
    static synchronized int operations() {
        return operations;
    }

    static synchronized void refuseRenames() {
        renameWorks = false;
    }

    /** The age of a file is that of its content. */
    static synchronized void ignoreTimes() {
        timesWork = false;
    }

    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
        return configuration;
    }

    /** @param writes whether the operation needs room */
    private static void count(org.apache.hadoop.fs.Path path, String operation, boolean writes) throws IOException {
        if (isSlow(path, writes)) {
            try {
                Thread.sleep(MILLIS_OF_A_SLOW_WRITE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (FaultyFileSystem.class) {
            if (!path.toString().contains(counted)) {
                return;
            }
            operations++;
            boolean reached = operations >= faultyOperation;
            switch (fault) {
                case FAIL -> {
                    if (operations == faultyOperation) {
                        throw new IOException("injected at operation " + operations + ", " + operation);
                    }
                }
                case DISK_FULL -> {
                    if (writes && reached) {
                        throw new IOException("No space left on device");
                    }
                }
                case CRASH -> {
                    if (reached) {
                        throw new IOException("the machine is down");
                    }
                }
                case EVENT -> {
                    if (operations == faultyOperation) {
                        event.run();
                    }
                }
                case UNREADABLE -> {
                    if (reached && operation.equals("open")) {
                        throw new IOException("Input/output error");
                    }
                }
                case NONE, LOSE_THE_END, SLOW -> {}
            }
        }
    }

    private static synchronized boolean isSlow(org.apache.hadoop.fs.Path path, boolean writes) {
        return fault == Fault.SLOW && writes && path.toString().contains(counted);
    }

    private static synchronized void synced(Path file, long size) {
        SYNCED.put(file, size);
    }

    private static synchronized boolean losesTheEnd() {
        return fault == Fault.LOSE_THE_END && operations >= faultyOperation;
    }

    private static synchronized int crashes() {
        return crashes;
    }

    private URI uri = URI.create("faulty:///");

    public FaultyFileSystem() {
        super(new RawLocalFileSystem());
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        if (name.getAuthority() == null || name.getUserInfo() != null) {
            fs.initialize(URI.create("file:///"), conf);
        } else {
            uri = URI.create("faulty://" + name.getAuthority());
            fs = FileSystem.newInstance(URI.create("hdfs://" + name.getAuthority()), conf);
        }
        born = crashes();
    }

    @Override
    public URI getUri() {
        return uri;
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

    /** The one that does the work; on HDFS, after a crash, with another client, who does not know what the old one wrote. */
    private synchronized FileSystem wrapped() throws IOException {
        if (born != crashes() && fs instanceof DistributedFileSystem old) {
            old.getClient().closeAllFilesBeingWritten(true);
            fs = FileSystem.newInstance(old.getUri(), old.getConf());
        }
        born = crashes();
        return fs;
    }

    private org.apache.hadoop.fs.Path inner(org.apache.hadoop.fs.Path path) {
        URI outer = fs.getUri();
        return new org.apache.hadoop.fs.Path(
                outer.getScheme(), outer.getAuthority(), path.toUri().getPath());
    }

    @Override
    public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability) throws IOException {
        return wrapped().hasPathCapability(inner(path), capability);
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
        count(path, "create", true);
        FileSystem inside = wrapped();
        if (inside instanceof DistributedFileSystem) {
            return new FSDataOutputStream(
                    new HdfsSink(
                            path,
                            inside.create(
                                    inner(path), permission, overwrite, bufferSize, replication, blockSize, progress)),
                    null);
        }
        Path file = Path.of(path.toUri().getPath());
        if (!overwrite && Files.exists(file)) {
            throw new org.apache.hadoop.fs.FileAlreadyExistsException(file.toString());
        }
        Files.createDirectories(file.getParent());
        synced(file, 0);
        return new FSDataOutputStream(new DiskSink(path), null);
    }

    /** Counts what is done to a file that is being written. */
    private abstract static class Sink extends OutputStream implements Syncable, StreamCapabilities {
        final org.apache.hadoop.fs.Path path;
        private boolean closed;

        Sink(org.apache.hadoop.fs.Path path) {
            this.path = path;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void hflush() throws IOException {
            hsync();
        }

        @Override
        public boolean hasCapability(String capability) {
            return capability.equals(StreamCapabilities.HSYNC);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                closeOnce();
            }
        }

        abstract void closeOnce() throws IOException;
    }

    private static final class DiskSink extends Sink {
        private final Path file;
        private final FileOutputStream out;

        DiskSink(org.apache.hadoop.fs.Path path) throws IOException {
            super(path);
            this.file = Path.of(path.toUri().getPath());
            this.out = new FileOutputStream(file.toFile());
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            count(path, "write", true);
            out.write(bytes, from, length);
        }

        @Override
        public void hsync() throws IOException {
            count(path, "sync", true);
            synced(file, out.getChannel().size());
        }

        @Override
        void closeOnce() throws IOException {
            try (out) {
                count(path, "close", true);
                if (losesTheEnd()) {
                    out.getChannel().truncate(Math.max(0, out.getChannel().size() - 1));
                }
            }
        }
    }

    /** A file that could not be closed stays open: its writer has its lease until the name node takes it away. */
    private static final class HdfsSink extends Sink {
        private final FSDataOutputStream out;

        HdfsSink(org.apache.hadoop.fs.Path path, FSDataOutputStream out) {
            super(path);
            this.out = out;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            count(path, "write", true);
            out.write(bytes, from, length);
        }

        @Override
        public void hsync() throws IOException {
            count(path, "sync", true);
            out.hsync();
        }

        @Override
        void closeOnce() throws IOException {
            count(path, "close", true);
            out.close();
        }
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
        count(path, "open", false);
        return wrapped().open(inner(path), bufferSize);
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
        count(from, "rename", true);
        return renameWorks && wrapped().rename(inner(from), inner(to));
    }

    @Override
    protected void rename(
            org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to, org.apache.hadoop.fs.Options.Rename... how)
            throws IOException {
        count(from, "rename", true);
        ((DistributedFileSystem) wrapped()).rename(inner(from), inner(to), how);
    }

    @Override
    public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
        count(path, "delete", false);
        return wrapped().delete(inner(path), recursive);
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path path, FsPermission permission) throws IOException {
        count(path, "mkdirs", true);
        return wrapped().mkdirs(inner(path));
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path path) throws IOException {
        return mkdirs(path, null);
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
        count(path, "getFileStatus", false);
        return wrapped().getFileStatus(inner(path));
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
        count(path, "listStatus", false);
        return wrapped().listStatus(inner(path));
    }

    @Override
    public void setTimes(org.apache.hadoop.fs.Path path, long modified, long accessed) throws IOException {
        count(path, "setTimes", true);
        if (timesWork) {
            wrapped().setTimes(inner(path), modified, accessed);
        }
    }

    static String path(Path directory) {
        return "faulty://" + directory;
    }
}
