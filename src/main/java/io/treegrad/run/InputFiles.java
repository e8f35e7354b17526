package io.treegrad.run;

import io.treegrad.common.Redaction;
import io.treegrad.common.Sha256;
import io.treegrad.common.UserError;
import io.treegrad.data.RowSource;
import io.treegrad.data.Storage;
import io.treegrad.model.FileDigest;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The files that a run reads. Its executors read them too, at another time: digests tell what was trained on only if the
 * files stay as they were, so their sizes and times of modification are compared.
 */
public final class InputFiles {
    /** More files are one entry, so that a model does not carry thousands of names. */
    private static final int MOST_LISTED = 16;

    private record State(long bytes, long modified) {}

    private final Storage storage;
    private final Map<String, State> states = new LinkedHashMap<>();
    private CompletableFuture<Map<String, String>> sha256;

    /**
     * Notes how they are, and begins to read them.
     *
     * @throws UserError TRY_AGAIN or BAD_DATA if they are not what the settings expect of them
     */
    public static InputFiles of(DataSet data, Settings settings, Storage storage) {
        InputFiles files = new InputFiles(storage, data.paths());
        settings.get(DataSettings.SETTLE).ifPresent(files::requireSettled);
        requireExpectedRows(data.trainSource(), settings);
        files.sha256 = CompletableFuture.supplyAsync(files::digests);
        return files;
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

    /** Notes how the files are now. */
    InputFiles(Storage storage, List<String> paths) {
        this.storage = storage;
        for (String path : paths) {
            states.put(path, state(path));
        }
    }

    private State state(String path) {
        try {
            return new State(storage.length(path), storage.modified(path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** {@link #digests}, taken in the background. */
    public CompletableFuture<Map<String, String>> sha256() {
        return sha256;
    }

    /**
     * SHA-256 of each file by its name, or by its path if an earlier file has the same name; of many files, a single one
     * of their digests in order. Reads all of them.
     */
    Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        MessageDigest all = Sha256.start();
        for (String path : states.keySet()) {
            try (InputStream in = storage.open(path)) {
                String digest = FileDigest.of(in).sha256();
                all.update(digest.getBytes(StandardCharsets.US_ASCII));
                String name = path.substring(path.lastIndexOf('/') + 1);
                digests.put(digests.containsKey(name) ? Redaction.redact(path) : name, digest);
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }
        requireUnchanged();
        return states.size() > MOST_LISTED ? Map.of(states.size() + " files", Sha256.hex(all)) : digests;
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
                .max(Comparator.comparingLong(entry -> entry.getValue().modified()))
                .filter(youngest -> now - youngest.getValue().modified() < age.toMillis())
                .ifPresent(youngest -> {
                    throw new UserError(
                                    UserError.Kind.TRY_AGAIN,
                                    "%s was written to %d seconds ago, expected at least %d: it may still be arriving. Run again later."
                                            .formatted(
                                                    youngest.getKey(),
                                                    Math.max(
                                                                    0,
                                                                    now
                                                                            - youngest.getValue()
                                                                                    .modified())
                                                            / 1000,
                                                    age.toSeconds()))
                            .fixedBy("settle");
                });
    }

    private static UserError unreadable(String path, IOException cause) {
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                "%s cannot be read (%s): expected a file that does not change during a run. Check the path."
                        .formatted(path, cause.getMessage()),
                cause);
    }
}
