package io.treegrad.storage;

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
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The files of all runs, on any Hadoop file system:
 *
 * <pre>
 *   runs/RUN/                                                   see {@link RunDirectory}
 *   sweeps/ID/index.html                                        compares the trials of a sweep
 *   versions/TIME-RUN/{model.safetensors, model.json, _SUCCESS} see {@link Commit}
 *   CURRENT                                                     the name of a version, the champion
 *   registry.json                                               see {@link io.treegrad.model.VersionRegistry}
 *   LOCK                                                        while a run publishes
 * </pre>
 */
public final class OutputDirectory {
    private static final RedactedLog LOG = RedactedLog.of(OutputDirectory.class);
    private static final String VERSIONS = "versions";
    private static final Duration LOCK_LIFE = Duration.ofMinutes(1);
    private static final Lock.Patience PATIENCE = new Lock.Patience(Duration.ofMinutes(5), Duration.ofMinutes(5));

    /** Begins the names of runs and versions, so that the newest sorts last. */
    public static final DateTimeFormatter TIME = Retention.TIME;

    private final HadoopStorage storage;
    private final String root;

    public OutputDirectory(HadoopStorage storage, String root) {
        this.storage = storage;
        this.root = withoutSlash(root);
    }

    static String withoutSlash(String path) {
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
            storage.at(probe).write(out -> out.write(1));
            storage.at(probe).delete();
        } catch (IOException e) {
            throw StorageFailure.writing(root, e);
        }
    }

    public String path() {
        return root;
    }

    /** The directory of a version. */
    String version(String name) {
        return root + "/" + VERSIONS + "/" + name;
    }

    /** Names of all version directories, the oldest first. */
    List<String> versionNames() throws IOException {
        List<String> names = new ArrayList<>(storage.at(root + "/" + VERSIONS).names());
        names.removeIf(name -> !Retention.isVersion(name));
        return names;
    }

    public RunDirectory run(String id) {
        return new RunDirectory(storage, root + "/runs/" + id);
    }

    /** What belongs to a sweep as a whole: its page, and its lock. */
    public RunDirectory sweep(String id) {
        return new RunDirectory(storage, root + "/sweeps/" + id);
    }

    /**
     * Takes the lock for publishing. Waits for another run that publishes: the work of this one is done.
     *
     * @throws UserError TRY_AGAIN with the owner's name if another run holds it for too long
     */
    public Lock lockForPublishing(String owner) {
        return Lock.take(storage, root + "/LOCK", owner, LOCK_LIFE, PATIENCE);
    }

    /** The same for a run, which may publish only while it holds its own lock as well. */
    public Lock lockForPublishing(String owner, Lock run) {
        return lockForPublishing(owner).within(run);
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
        return new RunDirectory(storage, withoutSlash(path));
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
        return new Publisher(storage, root).publish(lock, name, model);
    }

    /**
     * Publishes a model to be looked at: commits its version directory and makes it the candidate, but not the champion.
     *
     * @param lock held for this directory
     * @param name of the version; a number is added if it was used before
     * @return path of the version directory
     */
    public String publishCandidate(Lock lock, String name, TrainedModel model) {
        return new Publisher(storage, root).publishCandidate(lock, name, model);
    }

    /**
     * Removes old versions, see {@link Retention}.
     *
     * @param lock held for this directory
     * @param keep how many to keep, at least 1
     */
    public void keepVersions(Lock lock, int keep) {
        keepVersions(lock, keep, Instant.MAX);
    }

    /** @param before only versions of runs that started before this are removed */
    public void keepVersions(Lock lock, int keep, Instant before) {
        try {
            lock.requireHeld();
            new Retention(storage, root + "/" + VERSIONS).keep(keep, before, keptVersions());
        } catch (IOException | UserError e) {
            LOG.warn("Old versions in {} could not be removed: {}", root, e);
        }
    }

    /**
     * Removes the directories of old runs, see {@link RunRetention}; never those of the champion, the candidate and pinned
     * versions.
     *
     * @param lock held for this directory
     * @param keep how many to keep
     * @param before only runs that wrote nothing since are removed
     */
    public void keepRuns(Lock lock, int keep, Instant before) {
        try {
            lock.requireHeld();
            new RunRetention(storage, root + "/runs", root + "/sweeps").keep(keep, before, keptVersions());
        } catch (IOException | UserError e) {
            LOG.warn("Old runs in {} could not be removed: {}", root, e);
        }
    }

    /** The versions that are used, or that somebody wants to keep. */
    private Set<String> keptVersions() throws IOException {
        String current = newestVersion(storage, root, directory -> verified(storage, directory))
                .orElse("");
        Set<String> kept = new HashSet<>(new RegistryFile(storage, root).read().kept());
        kept.add(current.substring(current.lastIndexOf('/') + 1));
        return kept;
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
