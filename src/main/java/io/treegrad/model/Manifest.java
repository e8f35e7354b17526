package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The {@code _SUCCESS} file of a directory: every other file in it, with its size and digest. It is written last, so a
 * directory with a valid one is complete.
 *
 * @param schema version of this record, 1
 * @param files by name, at least one
 */
@JsonPropertyOrder({"schema", "files"})
public record Manifest(int schema, Map<String, FileDigest> files) {
    /** Name of the file. */
    public static final String FILE = "_SUCCESS";

    private static final int SCHEMA = 1;
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

    public Manifest {
        files = Require.sorted(files, "files");
        if (schema != SCHEMA) {
            throw new IllegalArgumentException("schema is " + schema + ", expected " + SCHEMA);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("files is empty, expected at least one");
        }
        for (String name : files.keySet()) {
            if (!FILE_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "file name \"" + name + "\", expected letters, digits, '.', '_' and '-'");
            }
        }
    }

    public static Manifest of(Map<String, FileDigest> files) {
        return new Manifest(SCHEMA, files);
    }

    /** The content of {@code _SUCCESS}. Every byte has a meaning, so that every flipped bit is detected. */
    public byte[] toBytes() {
        return Json.line(this);
    }

    /**
     * Reads the manifest of a directory and verifies every file that it names.
     *
     * @throws UserError INPUT_MISSING if there is no {@code _SUCCESS}: the directory does not exist or was not
     *     finished; BAD_DATA if a file differs from the manifest
     */
    public static Manifest verified(Storage storage, String directory) throws IOException {
        String path = directory + "/" + FILE;
        if (!storage.exists(path)) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    directory + ": there is no " + FILE + " in it, expected a completely written directory."
                            + " Check the path, or use another version.");
        }
        Manifest manifest = Json.read(bounded(storage, path, MAX_BYTES), SCHEMA, Manifest.class, path);
        for (Map.Entry<String, FileDigest> entry : manifest.files.entrySet()) {
            verify(storage, directory + "/" + entry.getKey(), entry.getValue());
        }
        return manifest;
    }

    private static void verify(Storage storage, String path, FileDigest expected) throws IOException {
        if (!storage.exists(path)) {
            throw Json.damaged(path, "the file is missing", "one of " + expected.size() + " bytes");
        }
        long size = storage.length(path);
        if (size != expected.size()) {
            throw Json.damaged(path, "the file has " + size + " bytes", expected.size() + " as in " + FILE);
        }
        try (InputStream in = storage.open(path)) {
            FileDigest found = FileDigest.of(in, expected.size() + 1);
            if (!found.equals(expected)) {
                throw Json.damaged(path, "SHA-256 is " + found.sha256(), expected.sha256() + " as in " + FILE);
            }
        }
    }

    /** All bytes of a file, which may have at most {@code most}. */
    static byte[] bounded(Storage storage, String path, int most) throws IOException {
        try (InputStream in = storage.open(path)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw Json.damaged(path, "it has more than " + most + " bytes", "at most that");
            }
            return bytes;
        }
    }
}
