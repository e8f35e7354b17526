package io.treegrad.storage;

import io.treegrad.common.Failpoint;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one way in which a directory of files comes to be, on any Hadoop file system, since object stores neither rename
 * nor append: write under a name never used before, close, read back and compare, and write {@code _SUCCESS} last.
 * Readers ignore a directory without a valid one, so there is no moment at which they could see half of it.
 */
final class Commit {
    private static final RedactedLog LOG = RedactedLog.of(Commit.class);

    private Commit() {}

    /**
     * Commits a directory that does not exist yet. After a failure nothing of it is left, if storage lets us.
     *
     * @param kind {@code checkpoint} or {@code version}: names the failpoints, whose number is {@code number}
     */
    static void write(HadoopStorage storage, String directory, Map<String, FileContent> files, String kind, long number)
            throws IOException {
        try {
            Map<String, FileDigest> digests = new LinkedHashMap<>();
            for (Map.Entry<String, FileContent> file : files.entrySet()) {
                digests.put(file.getKey(), writeAndCompare(storage, directory + "/" + file.getKey(), file.getValue()));
                Failpoint.reach(kind + "-file", number);
            }
            byte[] manifest = Manifest.of(digests).toBytes();
            Failpoint.reach(kind + "-before-success", number);
            writeAndCompare(storage, directory + "/" + Manifest.FILE, out -> out.write(manifest));
            Failpoint.reach(kind + "-after-success", number);
        } catch (IOException e) {
            remove(storage, directory);
            throw e;
        }
    }

    /**
     * Whether a directory was committed, as far as can be told without reading it. A process that is killed while it writes
     * {@code _SUCCESS} leaves an empty one.
     */
    static boolean isFinished(HadoopStorage storage, String directory) throws IOException {
        String manifest = directory + "/" + Manifest.FILE;
        return storage.exists(manifest) && storage.length(manifest) > 0;
    }

    private static FileDigest writeAndCompare(HadoopStorage storage, String path, FileContent content)
            throws IOException {
        FileDigest written = storage.at(path).write(content, false);
        try (InputStream in = storage.open(path)) {
            FileDigest found = FileDigest.of(in);
            if (!found.equals(written)) {
                throw new IOException(path + " reads back as " + found + ", expected " + written);
            }
        }
        return written;
    }

    /**
     * Removes a directory, {@code _SUCCESS} first, so that a removal that is cut short leaves none that looks whole. A
     * failure only warns: what is left is garbage, but no danger.
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
