package io.treegrad.spark;

import io.treegrad.data.Storage;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Manifest;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What runs leave behind, on any Hadoop file system:
 *
 * <pre>
 *   runs/RUN/run.json
 *   versions/TIME-RUN/{model.safetensors, model.json, _SUCCESS}
 *   CURRENT
 * </pre>
 *
 * <p>One way to commit everywhere, since object stores neither rename nor append: write under a name never used before,
 * close, read back and compare, and write {@code _SUCCESS} last. Readers ignore a directory without a valid one, so there
 * is no moment at which they could see half of it.
 */
public final class OutputDirectory {
    private static final String VERSIONS = "versions";

    private final HadoopStorage storage;
    private final String root;

    public OutputDirectory(HadoopStorage storage, String root) {
        this.storage = storage;
        this.root = root.endsWith("/") && root.length() > 1 ? root.substring(0, root.length() - 1) : root;
    }

    /**
     * Proves that files can be written here, by writing one.
     *
     * @throws UserError CANNOT_WRITE if not
     */
    public void requireWritable() {
        String probe = root + "/.probe-" + UUID.randomUUID();
        try {
            storage.makeDirectory(root);
            storage.write(probe, out -> out.write(1), false);
            storage.delete(probe);
        } catch (IOException e) {
            throw cannotWrite(root, e);
        }
    }

    /** Writes a file of a run, such as {@code run.json}; a later one of the same name takes its place. */
    public String writeRunFile(String run, String name, FileContent content) {
        String path = root + "/runs/" + run + "/" + name;
        try {
            storage.write(path, content, true);
            return path;
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    /**
     * Publishes a model: commits its version directory, then has {@code CURRENT} name it.
     *
     * @param version a name never used before
     * @return path of the version directory
     */
    public String publish(String version, TrainedModel model) {
        String directory = root + "/" + VERSIONS + "/" + version;
        try {
            commit(directory, ModelFiles.contents(model));
            storage.write(root + "/" + ModelFiles.CURRENT, out -> out.write(ModelFiles.current(version)), true);
            return directory;
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    private void commit(String directory, Map<String, FileContent> files) throws IOException {
        Map<String, FileDigest> digests = new LinkedHashMap<>();
        for (Map.Entry<String, FileContent> file : files.entrySet()) {
            String path = directory + "/" + file.getKey();
            FileDigest written = storage.write(path, file.getValue(), false);
            try (InputStream in = storage.open(path)) {
                FileDigest found = FileDigest.of(in);
                if (!found.equals(written)) {
                    throw new IOException(path + " reads back as " + found + ", expected " + written);
                }
            }
            digests.put(file.getKey(), written);
        }
        byte[] manifest = Manifest.of(digests).toBytes();
        storage.write(directory + "/" + Manifest.FILE, out -> out.write(manifest), false);
    }

    /**
     * The version directory that a user's path to a model means: an output directory stands for its current version, a
     * file of a version for that version.
     *
     * @throws UserError INPUT_MISSING if there is no model there
     */
    public static String versionAt(HadoopStorage storage, String path) throws IOException {
        String clean = path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
        if (clean.endsWith("/" + ModelFiles.WEIGHTS) || clean.equals(ModelFiles.WEIGHTS)) {
            return clean.equals(ModelFiles.WEIGHTS) ? "." : clean.substring(0, clean.lastIndexOf('/'));
        }
        if (storage.exists(clean + "/" + Manifest.FILE)) {
            return clean;
        }
        String current = clean + "/" + ModelFiles.CURRENT;
        if (storage.exists(current)) {
            return clean + "/" + VERSIONS + "/" + ModelFiles.parseCurrent(bytes(storage, current), current);
        }
        List<String> versions = new ArrayList<>(storage.names(clean + "/" + VERSIONS));
        Collections.reverse(versions);
        for (String version : versions) {
            if (storage.exists(clean + "/" + VERSIONS + "/" + version + "/" + Manifest.FILE)) {
                return clean + "/" + VERSIONS + "/" + version;
            }
        }
        throw new UserError(
                UserError.Kind.INPUT_MISSING,
                path + ": there is no model, expected an output directory of train, one of its versions or a "
                        + ModelFiles.WEIGHTS + ". Check --model, or train first.");
    }

    private static byte[] bytes(Storage storage, String path) throws IOException {
        try (InputStream in = storage.open(path)) {
            return in.readNBytes(4096);
        }
    }

    private static UserError cannotWrite(String path, IOException cause) {
        return new UserError(
                UserError.Kind.CANNOT_WRITE,
                path + " cannot be written (" + cause.getMessage()
                        + "): expected a directory with room that this user may write to. Choose another --output.",
                cause);
    }
}
