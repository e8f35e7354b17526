package io.treegrad.storage;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a directory of files is created on any Hadoop file system: write under a name never used before, close, read back
 * and compare, and write {@code _SUCCESS} last. Here one process writes them all; in a {@link PartDirectory} tasks do.
 * Object stores can neither rename nor append.
 * Readers ignore a directory without a valid {@code _SUCCESS}, so they never see a partial one.
 */
final class Commit {
    private static final RedactedLog LOG = RedactedLog.of(Commit.class);

    private Commit() {}

    /**
     * Commits a directory that does not exist yet. After a failure it is removed, if storage allows.
     *
     * @param lock that gives the right to write it
     * @param kind {@code checkpoint} or {@code version}: names the failpoints, whose number is {@code number}
     */
    static void write(
            Lock lock,
            HadoopStorage storage,
            String directory,
            Map<String, FileContent> files,
            String kind,
            long number)
            throws IOException {
        lock.requireHeld();
        try {
            Map<String, FileDigest> digests = new LinkedHashMap<>();
            for (Map.Entry<String, FileContent> file : files.entrySet()) {
                digests.put(file.getKey(), writeAndCompare(storage, directory + "/" + file.getKey(), file.getValue()));
                Failpoint.reach(kind + "-file", number);
            }
            byte[] manifest = Manifest.of(digests).toBytes();
            Failpoint.reach(kind + "-before-success", number);
            lock.requireHeld();
            writeAndCompare(storage, directory + "/" + Manifest.FILE, out -> out.write(manifest));
            Failpoint.reach(kind + "-after-success", number);
        } catch (IOException e) {
            removeAfter(e, lock, storage, directory);
            throw e;
        }
    }

    /**
     * Not where the lock is known to be lost: the directory of a model of a run may now be that of another process. But also
     * where the lock cannot be read, as on HDFS without data nodes.
     */
    private static void removeAfter(IOException failure, Lock lock, HadoopStorage storage, String directory) {
        try {
            lock.requireHeld();
        } catch (UserError e) {
            lock.requireNotLost();
            failure.addSuppressed(e);
        }
        remove(storage, directory);
    }

    /**
     * Whether a directory was committed, judged without reading it. A process that is killed while it writes
     * {@code _SUCCESS} leaves an empty one.
     */
    static boolean isFinished(HadoopStorage storage, String directory) throws IOException {
        String manifest = directory + "/" + Manifest.FILE;
        return storage.exists(manifest) && storage.length(manifest) > 0;
    }

    static FileDigest writeAndCompare(HadoopStorage storage, String path, FileContent content) throws IOException {
        FileDigest written = storage.at(path).write(content);
        try (InputStream in = storage.open(path)) {
            FileDigest found = FileDigest.of(in);
            if (!found.equals(written)) {
                throw new IOException(path + " reads back as " + found + ", expected " + written);
            }
        }
        return written;
    }

    /**
     * Removes a directory, {@code _SUCCESS} first, so that an interrupted removal leaves none that looks complete. A
     * failure is only logged: what is left does no harm.
     */
    static void remove(HadoopStorage storage, String directory) {
        try {
            storage.at(directory + "/" + Manifest.FILE).delete();
            Failpoint.reach("removal", 0);
            storage.at(directory).delete();
        } catch (IOException e) {
            LOG.warn("{} could not be removed ({}): remove it by hand.", directory, e);
        }
    }
}
