package io.treegrad.storage;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import io.treegrad.model.FileContent;
import io.treegrad.model.Manifest;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The files of all runs, on any Hadoop file system:
 *
 * <pre>
 *   runs/RUN/                                                   see {@link RunDirectory}
 *   sweeps/ID/index.html                                        compares the trials of a sweep
 *   versions/TIME-RUN/{model.safetensors, model.json, _SUCCESS} see {@link Commit}
 *   CURRENT                                                     the name of a version
 *   LOCK                                                        while a run publishes
 * </pre>
 */
public final class OutputDirectory {
    private static final RedactedLog LOG = RedactedLog.of(OutputDirectory.class);
    private static final String VERSIONS = "versions";
    private static final Duration LOCK_LIFE = Duration.ofMinutes(1);

    /** Begins the names of runs and versions, so that the newest sorts last. */
    public static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Names that {@link #versionName} makes, with the number that {@link #publish} may add. */
    private static final Pattern VERSION_NAME = Pattern.compile("\\d{8}T\\d{6}Z-[A-Za-z0-9][A-Za-z0-9._-]*");

    /** All that a version may hold. */
    private static final Set<String> VERSION_FILES =
            Set.of(ModelFiles.WEIGHTS, ModelFiles.DESCRIPTION, ModelFiles.ONNX, Manifest.FILE);

    private final HadoopStorage storage;
    private final String root;

    public OutputDirectory(HadoopStorage storage, String root) {
        this.storage = storage;
        this.root = withoutSlash(root);
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
    }

    /**
     * Proves that files can be written here, by writing one.
     *
     * @throws UserError CANNOT_WRITE if not; TRY_AGAIN if the file system is not ready
     */
    public void requireWritable() {
        String probe = root + "/.probe-" + UUID.randomUUID();
        try {
            storage.at(root).makeDirectory();
            storage.at(probe).write(out -> out.write(1));
            storage.at(probe).delete();
        } catch (IOException e) {
            throw StorageFailure.writing(root, e);
        }
    }

    public RunDirectory run(String id) {
        return new RunDirectory(storage, root + "/runs/" + id);
    }

    /** What belongs to a sweep as a whole: its page, and its lock. */
    public RunDirectory sweep(String id) {
        return new RunDirectory(storage, root + "/sweeps/" + id);
    }

    /**
     * Takes the lock for publishing.
     *
     * @throws UserError TRY_AGAIN with the owner's name if another run holds it
     */
    public Lock lockForPublishing(String owner) {
        return Lock.take(storage, root + "/LOCK", owner, LOCK_LIFE);
    }

    /** The published model, with its directory; the newest that can be read if it is damaged; empty if there is none. */
    public Optional<Published> published() {
        try {
            return newestVersion(
                    storage, root, directory -> new Published(directory, ModelFiles.read(storage, directory)));
        } catch (IOException e) {
            throw StorageFailure.reading(root, e);
        }
    }

    /** A model and the version directory it is in. */
    public record Published(String directory, TrainedModel model) {}

    /** The directory of a run by its path. */
    public static RunDirectory runAt(HadoopStorage storage, String path) {
        return new RunDirectory(storage, path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /** Writes a file anywhere, such as a page that compares runs; replaces what is there. */
    public static void writeFile(HadoopStorage storage, String path, FileContent content) {
        try {
            storage.at(path).replace(content);
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    /** The name of the version that a run publishes. */
    public static String versionName(String runId, Instant started) {
        String time = TIME.format(started);
        return runId.startsWith(time + "-") ? runId : time + "-" + runId;
    }

    /**
     * Publishes a model: commits its version directory, then writes its name to {@code CURRENT}.
     *
     * @param lock held for this directory
     * @param name of the version; a number is added if it was used before
     * @return path of the version directory
     */
    public String publish(Lock lock, String name, TrainedModel model) {
        String directory = root + "/" + VERSIONS + "/" + name;
        try {
            List<String> used = storage.at(root + "/" + VERSIONS).names();
            String version = name;
            for (int i = 2; used.contains(version); i++) {
                version = name + "." + i;
            }
            directory = root + "/" + VERSIONS + "/" + version;
            Commit.write(storage, directory, ModelFiles.contents(model), "version", 0);
            lock.requireHeld();
            Failpoint.reach("before-current", 0);
            byte[] current = ModelFiles.current(version);
            try {
                storage.at(root + "/" + ModelFiles.CURRENT).replace(out -> out.write(current));
            } catch (IOException e) {
                // a publish that says it failed must have failed: where CURRENT cannot be replaced as a whole, readers
                // would fall back to this version
                Commit.remove(storage, directory);
                throw e;
            }
            Failpoint.reach("after-current", 0);
            return directory;
        } catch (IOException e) {
            throw StorageFailure.writing(directory, e);
        }
    }

    /**
     * Removes the oldest versions, and all unfinished ones, and logs each. What has a name that no run gives to a version,
     * or is not a directory, does not count and stays; so does a version in which somebody put other files.
     *
     * @param lock held for this directory
     * @param keep how many to keep, at least 1; the current one is always kept
     */
    public void keepVersions(Lock lock, int keep) {
        try {
            lock.requireHeld();
            String current = newestVersion(storage, root, directory -> verified(storage, directory))
                    .orElse("");
            List<String> names =
                    new ArrayList<>(storage.at(root + "/" + VERSIONS).names());
            Collections.reverse(names);
            int kept = 0;
            for (String name : names) {
                String directory = root + "/" + VERSIONS + "/" + name;
                if (!VERSION_NAME.matcher(name).matches() || storage.exists(directory)) {
                    continue;
                }
                boolean complete = Commit.isFinished(storage, directory);
                if (directory.equals(current) || (complete && kept < keep)) {
                    kept++;
                } else {
                    removeVersion(directory, complete ? "an old version" : "an unfinished version");
                }
            }
        } catch (IOException e) {
            LOG.warn("Old versions in {} could not be removed: {}", root, e);
        }
    }

    private void removeVersion(String directory, String what) throws IOException {
        List<String> others = storage.at(directory).names().stream()
                .filter(file -> !VERSION_FILES.contains(file))
                .toList();
        if (!others.isEmpty()) {
            LOG.warn("{} is {} and stays: no run wrote {} in it.", directory, what, others);
            return;
        }
        LOG.info("Removing {}: {}.", directory, what);
        Commit.remove(storage, directory);
    }

    /**
     * The version directory for a user's path to a model: an output directory means its current version, a file in a
     * version means that version.
     *
     * @throws UserError INPUT_MISSING if there is no model there
     */
    public static String versionAt(HadoopStorage storage, String path) throws IOException {
        String clean = withoutSlash(path);
        if (clean.endsWith("/" + ModelFiles.WEIGHTS) || clean.equals(ModelFiles.WEIGHTS)) {
            return clean.equals(ModelFiles.WEIGHTS) ? "." : clean.substring(0, clean.lastIndexOf('/'));
        }
        if (storage.exists(clean + "/" + Manifest.FILE)) {
            return clean;
        }
        return newestVersion(storage, clean, directory -> verified(storage, directory))
                .orElseThrow(() -> new UserError(
                                UserError.Kind.INPUT_MISSING,
                                path
                                        + ": there is no model, expected an output directory of train, one of its versions or a "
                                        + ModelFiles.WEIGHTS + ". Check the path, or train first.")
                        .fixedBy("model"));
    }

    /** How a version directory is used. */
    private interface Reader<T> {
        /** @throws UserError if it is unfinished or damaged */
        T read(String directory) throws IOException;
    }

    private static String verified(HadoopStorage storage, String directory) throws IOException {
        Manifest.verified(storage, directory);
        return directory;
    }

    /** The version that {@code CURRENT} names; if it cannot be used, the newest that can, with a warning. */
    private static <T> Optional<T> newestVersion(HadoopStorage storage, String root, Reader<T> reader)
            throws IOException {
        String current = root + "/" + ModelFiles.CURRENT;
        String problem = "it is missing";
        String tried = "";
        if (storage.exists(current)) {
            try {
                tried = ModelFiles.parseCurrent(bytes(storage, current), current);
                return Optional.of(reader.read(root + "/" + VERSIONS + "/" + tried));
            } catch (UserError e) {
                problem = e.getMessage();
            } catch (IOException e) {
                // on HDFS, a writer that died leaves a file that cannot be read for an hour, until its lease is
                // recovered
                problem = e.toString();
            }
        }
        List<String> versions =
                new ArrayList<>(storage.at(root + "/" + VERSIONS).names());
        versions.remove(tried);
        Collections.reverse(versions);
        for (String version : versions) {
            String directory = root + "/" + VERSIONS + "/" + version;
            try {
                T read = reader.read(directory);
                LOG.warn(
                        "{} cannot be used ({}): taking {}, the newest complete version.", current, problem, directory);
                return Optional.of(read);
            } catch (UserError e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        if (!tried.isEmpty()) {
            LOG.warn("{} cannot be used ({}), and there is no other version.", current, problem);
        }
        return Optional.empty();
    }

    private static byte[] bytes(Storage storage, String path) throws IOException {
        try (InputStream in = storage.open(path)) {
            return in.readNBytes(4096);
        }
    }
}
