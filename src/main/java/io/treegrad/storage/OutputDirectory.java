package io.treegrad.storage;

import io.treegrad.common.UserError;
import io.treegrad.model.FileContent;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
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
    private static final Duration LOCK_LIFE = Duration.ofMinutes(1);
    private static final Lock.Patience PATIENCE = new Lock.Patience(Duration.ofMinutes(5), Duration.ofMinutes(5));

    /** Begins the names of runs and versions, so that the newest sorts last. */
    public static final DateTimeFormatter TIME = Retention.TIME;

    private final HadoopStorage storage;
    private final String root;

    public OutputDirectory(HadoopStorage storage, String root) {
        this.storage = storage;
        this.root = StoragePath.withoutSlash(root);
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
        return root + "/" + ModelFiles.VERSIONS + "/" + name;
    }

    /** Names of all version directories, the oldest first. */
    List<String> versionNames() throws IOException {
        List<String> names =
                new ArrayList<>(storage.at(root + "/" + ModelFiles.VERSIONS).names());
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
            return new CurrentVersion(storage, root)
                    .read(directory -> new Published(directory, ModelFiles.read(storage, directory)));
        } catch (IOException e) {
            throw StorageFailure.reading(root, e);
        }
    }

    /** A model and the version directory it is in. */
    public record Published(String directory, TrainedModel model) {}

    /** The directory of a run by its path. */
    public static RunDirectory runAt(HadoopStorage storage, String path) {
        return new RunDirectory(storage, StoragePath.withoutSlash(path));
    }

    /**
     * Writes a file anywhere, such as a page that compares runs; replaces what is there.
     *
     * @param setting name of the one that gives the path
     */
    public static void writeFile(HadoopStorage storage, String path, String setting, FileContent content) {
        try {
            storage.at(path).replace(content);
        } catch (IOException e) {
            throw StorageFailure.writing(path, e).fixedBy(setting);
        }
    }

    /** The name of the version that a run publishes. */
    public static String versionName(String runId, Instant started) {
        String time = TIME.format(started);
        return runId.startsWith(time + "-") ? runId : time + "-" + runId;
    }

    /** The version of a run that is whole and has this model; empty if there is none. */
    public Optional<String> versionOf(String runId, TrainedModel model) {
        try {
            return new Publisher(storage, root).versionOf(runId, model);
        } catch (IOException e) {
            throw StorageFailure.reading(root, e);
        }
    }

    /**
     * Publishes a model: commits its version directory, then writes its name to {@code CURRENT}.
     *
     * @param lock held for this directory
     * @param name of the version, which is left as it is if it has this model; a number is added if it has another
     * @return path of the version directory
     */
    public String publish(Lock lock, String name, TrainedModel model) {
        return new Publisher(storage, root).publish(lock, name, model);
    }

    /**
     * Publishes a model to be looked at: commits its version directory and makes it the candidate, but not the champion.
     *
     * @param lock held for this directory
     * @param name of the version, which is left as it is if it has this model; a number is added if it has another
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
            new Retention(storage, root + "/" + ModelFiles.VERSIONS).keep(keep, before, keptVersions());
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
        String current = new CurrentVersion(storage, root).directory().orElse("");
        Set<String> kept = new HashSet<>(new RegistryFile(storage, root).read().kept());
        kept.add(current.substring(current.lastIndexOf('/') + 1));
        return kept;
    }
}
