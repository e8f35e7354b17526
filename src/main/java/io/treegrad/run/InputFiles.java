package io.treegrad.run;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.Redaction;
import io.treegrad.common.Sha256;
import io.treegrad.common.UserError;
import io.treegrad.data.RowSource;
import io.treegrad.data.Storage;
import io.treegrad.model.FileDigest;
import io.treegrad.model.InputManifest;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The files that a run reads. Its executors read them too, at another time: digests tell what was trained on only if the
 * files stay as they were, so their sizes and times of modification are compared.
 */
public final class InputFiles {
    /** More files are one entry, so that a model does not carry thousands of names. */
    private static final int MOST_LISTED = 16;

    private static final int MOST_MANIFEST_BYTES = 1 << 26;

    /** What jobs of Spark and Hadoop write to before they move it to its place. */
    private static final String UNFINISHED = "_temporary";

    private record State(long bytes, long modified) {}

    private final Storage storage;
    private final Map<String, State> states = new LinkedHashMap<>();
    private CompletableFuture<Map<String, FileDigest>> read;

    /**
     * Notes how they are, and begins to read them.
     *
     * @throws UserError TRY_AGAIN or BAD_DATA if they are not what the settings expect of them
     */
    public static InputFiles of(DataSet data, Settings settings, Storage storage) {
        InputFiles files = new InputFiles(storage, data.paths());
        files.requireFinishedDirectories();
        settings.get(DataSettings.SETTLE).ifPresent(files::requireSettled);
        requireExpectedRows(data.trainSource(), settings);
        files.read = CompletableFuture.supplyAsync(files::digests);
        settings.get(DataSettings.MANIFEST).ifPresent(files::requireListed);
        return files;
    }

    /** Notes how the files are now. */
    InputFiles(Storage storage, List<String> paths) {
        this.storage = storage;
        for (String path : paths) {
            states.put(path, state(path));
        }
    }

    /**
     * Refuses the output of a Spark or Hadoop job that has not ended.
     *
     * @throws UserError TRY_AGAIN
     */
    void requireFinishedDirectories() {
        Set<String> directories = new LinkedHashSet<>();
        for (String path : states.keySet()) {
            String directory = parent(path);
            directories.add(directory);
            while (directory.substring(directory.lastIndexOf('/') + 1).contains("=")) { // such as day=2026-11-27
                directory = parent(directory);
                directories.add(directory);
            }
        }
        for (String directory : directories) {
            if (isWrittenTo(directory)) {
                throw new UserError(
                        UserError.Kind.TRY_AGAIN,
                        "%s has a directory %s: a job is still writing to it, or was interrupted. Run again when it has ended, or remove %s."
                                .formatted(directory, UNFINISHED, UNFINISHED));
            }
        }
    }

    private boolean isWrittenTo(String directory) {
        try {
            return storage.list(directory).contains(UNFINISHED);
        } catch (IOException e) {
            return false; // who may read a file need not be allowed to list its directory
        }
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }

    private void requireListed(String manifest) {
        InputManifest expected;
        try (InputStream in = storage.open(manifest)) {
            expected = InputManifest.parse(in.readNBytes(MOST_MANIFEST_BYTES), manifest);
        } catch (IOException e) {
            throw new UserError(
                            UserError.Kind.INPUT_MISSING,
                            "%s cannot be read (%s): expected a list of files with size and SHA-256. Check the path."
                                    .formatted(manifest, OutsideFailure.reason(e)),
                            e)
                    .fixedBy(DataSettings.MANIFEST.name());
        }
        List<String> differences = expected.differencesTo(manifest().files());
        if (!differences.isEmpty()) {
            throw new UserError(
                            UserError.Kind.BAD_DATA,
                            "The data is not that of %s: %s%s. Wait for the right files, or give their list."
                                    .formatted(
                                            manifest,
                                            differences.get(0),
                                            differences.size() == 1
                                                    ? ""
                                                    : ", and %d more".formatted(differences.size() - 1)))
                    .fixedBy(DataSettings.MANIFEST.name());
        }
    }

    /** All files by their paths, without passwords; known once they have been read. */
    InputManifest manifest() {
        Map<String, FileDigest> byPath = new TreeMap<>();
        read.join().forEach((path, digest) -> byPath.put(Redaction.redact(path), digest));
        return InputManifest.of(byPath);
    }

    private static void requireExpectedRows(RowSource source, Settings settings) {
        settings.get(DataSettings.EXPECT_ROWS)
                .filter(expected -> !expected.contains(source.rows()))
                .ifPresent(expected -> {
                    throw new UserError(
                                    UserError.Kind.BAD_DATA,
                                    "%s: %d rows, expected %s. Look at where they come from, or change what is expected."
                                            .formatted(source.describe(), source.rows(), expected))
                            .fixedBy(DataSettings.EXPECT_ROWS.name());
                });
    }

    private State state(String path) {
        try {
            return new State(storage.length(path), storage.modified(path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** {@link #byName}; known once all files have been read, in the background. */
    public CompletableFuture<Map<String, String>> sha256() {
        return read.thenApply(InputFiles::byName);
    }

    /**
     * SHA-256 of each file by its name, or by its path if an earlier file has the same name; of many files, a single one
     * of their digests in order.
     */
    static Map<String, String> byName(Map<String, FileDigest> files) {
        Map<String, String> digests = new TreeMap<>();
        MessageDigest all = Sha256.start();
        files.forEach((path, digest) -> {
            all.update(digest.sha256().getBytes(StandardCharsets.US_ASCII));
            String name = path.substring(path.lastIndexOf('/') + 1);
            digests.put(digests.containsKey(name) ? Redaction.redact(path) : name, digest.sha256());
        });
        return files.size() > MOST_LISTED ? Map.of(files.size() + " files", Sha256.hex(all)) : digests;
    }

    /** Size and SHA-256 of each file by its path, in their order. Reads all of them. */
    Map<String, FileDigest> digests() {
        Map<String, FileDigest> digests = new LinkedHashMap<>();
        for (String path : states.keySet()) {
            try (InputStream in = storage.open(path)) {
                digests.put(path, FileDigest.of(in));
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }
        requireUnchanged();
        return digests;
    }

    /** @throws UserError BAD_DATA if a file was changed since this object was made */
    public void requireUnchanged() {
        states.forEach((path, before) -> {
            if (!state(path).equals(before)) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        "%s was changed while it was read, expected a file that does not change during a run. Start again when it is complete."
                                .formatted(path));
            }
        });
    }

    /**
     * Refuses files that may still be arriving.
     *
     * @param age that each must have, by the clock of this machine
     * @throws UserError TRY_AGAIN with the youngest file
     */
    void requireSettled(Duration age) {
        long now = System.currentTimeMillis();
        states.entrySet().stream()
                .max(Comparator.comparing(entry -> entry.getValue().modified()))
                .ifPresent(youngest -> {
                    long millis = now - youngest.getValue().modified();
                    if (millis < age.toMillis()) {
                        throw new UserError(
                                        UserError.Kind.TRY_AGAIN,
                                        "%s was written to %d seconds ago, expected at least %d: it may still be arriving. Run again later."
                                                .formatted(
                                                        youngest.getKey(), Math.max(0, millis) / 1000, age.toSeconds()))
                                .fixedBy(DataSettings.SETTLE.name());
                    }
                });
    }

    private static UserError unreadable(String path, IOException cause) {
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                "%s cannot be read (%s): expected a file that does not change during a run. Check the path."
                        .formatted(path, OutsideFailure.reason(cause)),
                cause);
    }
}
