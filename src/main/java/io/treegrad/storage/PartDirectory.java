package io.treegrad.storage;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.UserError;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Manifest;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A directory of part files that tasks write, each under a name never used before, and the driver commits. Until then
 * there is no {@code _SUCCESS} in it, and nobody should read it. A small value that is sent to tasks.
 */
public final class PartDirectory implements Serializable {
    private static final long serialVersionUID = 1;

    private static final RedactedLog LOG = RedactedLog.of(PartDirectory.class);
    private static final Duration LOCK_LIFE = Duration.ofMinutes(1);
    private static final String LOCK = "_LOCK";
    private static final Pattern PART = Pattern.compile("part-[0-9]{5}-[0-9a-f]{8}\\..*");
    /** What a process that was killed leaves, or one that waits for the lock has for a moment. Readers of tables skip it. */
    private static final Pattern PASSING = Pattern.compile("(_LOCK|_SUCCESS)\\.(new|stale|probe)-.*");

    private final HadoopStorage storage;
    private final String path;

    public PartDirectory(HadoopStorage storage, String path) {
        this.storage = storage;
        this.path = StoragePath.withoutSlash(path);
    }

    /** A part of a directory. */
    public record WrittenPart(String name, FileDigest digest) implements Serializable {}

    /**
     * Takes the directory, which must be new, empty, or left behind by a writer that did not finish.
     *
     * @return to be closed after the commit
     * @throws UserError CANNOT_WRITE if there is anything else in it; TRY_AGAIN if another process writes it
     */
    public Lock take() {
        try {
            storage.at(path).makeDirectory();
            Lock lock = Lock.take(
                    storage, path + "/" + LOCK, "a prediction", LOCK_LIFE, new Lock.Patience(Duration.ZERO, LOCK_LIFE));
            try {
                requireOwn(lock);
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
            return lock;
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    private void requireOwn(Lock lock) throws IOException {
        boolean isFinished = Commit.isFinished(storage, path);
        for (String name : storage.at(path).names()) {
            boolean isManifest = name.equals(Manifest.FILE);
            if (!name.equals(LOCK)
                    && !PASSING.matcher(name).matches()
                    && !isPart(name)
                    && (!isManifest || isFinished)) {
                throw new UserError(
                                UserError.Kind.CANNOT_WRITE,
                                "%s: found %s in it, expected a directory that does not exist or is empty. Remove it, or choose another one."
                                        .formatted(path, isManifest ? "a finished table" : name))
                        .fixedBy("output");
            }
        }
        empty(lock);
    }

    /** Removes {@code _SUCCESS} first, so that an interrupted removal leaves no directory that looks complete. */
    private void empty(Lock lock) throws IOException {
        new OwnedFile(lock, storage, path + "/" + Manifest.FILE).remove();
        removeParts(lock, Set.of());
    }

    private void removeParts(Lock lock, Set<String> kept) throws IOException {
        for (String name : storage.at(path).names()) {
            if (isPart(name) && !kept.contains(name)) {
                lock.requireHeld();
                storage.at(path + "/" + name).delete();
            }
        }
    }

    private static boolean isPart(String name) {
        return PART.matcher(name).matches();
    }

    /**
     * Writes a part, reads it back and compares: called by tasks, also by several for one part.
     *
     * @throws UserError CANNOT_WRITE if there is no room for it; any other failure may pass, so a task tries again
     */
    public WrittenPart write(int number, String suffix, FileContent content) throws IOException {
        String name = String.format(
                Locale.ROOT,
                "part-%05d-%s%s",
                number,
                UUID.randomUUID().toString().substring(0, 8),
                suffix);
        try {
            return new WrittenPart(name, Commit.writeAndCompare(storage, path + "/" + name, content));
        } catch (IOException e) {
            if (OutsideFailure.isWantOfSpace(e)) {
                throw StorageFailure.writing(path, e);
            }
            throw e;
        }
    }

    /**
     * Removes what lost tasks have written, and declares the directory complete.
     *
     * @throws UserError CANNOT_WRITE if a part is not there: it was written on a machine that sees another directory
     */
    public void commit(Lock lock, Map<String, FileDigest> parts) {
        try {
            lock.requireHeld();
            requireAll(parts.keySet());
            removeParts(lock, parts.keySet());
            byte[] manifest = Manifest.of(parts).toBytes();
            lock.requireHeld();
            Commit.writeAndCompare(storage, path + "/" + Manifest.FILE, out -> out.write(manifest));
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    private void requireAll(Set<String> parts) throws IOException {
        Set<String> missing = new TreeSet<>(parts);
        missing.removeAll(Set.copyOf(storage.at(path).names()));
        if (!missing.isEmpty()) {
            throw new UserError(
                            UserError.Kind.CANNOT_WRITE,
                            "%s: %d of %d files that tasks have written are not in it, such as %s, expected a directory that all machines of the cluster share. Choose one on HDFS, on an object store or on a shared disk, or a single file, which the driver writes."
                                    .formatted(
                                            path,
                                            missing.size(),
                                            parts.size(),
                                            missing.iterator().next()))
                    .fixedBy("output");
        }
    }

    /** Removes all parts of a table that will not be finished, as far as storage lets it. */
    public void abandon(Lock lock) {
        try {
            empty(lock);
        } catch (IOException | UserError e) {
            LOG.warn("{} could not be emptied ({}).", path, e);
        }
    }
}
