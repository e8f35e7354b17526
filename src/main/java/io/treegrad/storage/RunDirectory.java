package io.treegrad.storage;

import io.treegrad.common.UserError;
import io.treegrad.model.FileContent;
import io.treegrad.model.Manifest;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The files of one run:
 *
 * <pre>
 *   run.json                                                      how it ended
 *   metrics.jsonl                                                 a line an epoch
 *   losses.json                                                   the loss of the steps
 *   model/{model.safetensors, model.json, _SUCCESS}               only of a trial of a sweep
 *   checkpoints/ckpt-STEP/{state.safetensors, meta.json, _SUCCESS} see {@link Checkpoints}
 *   LOCK                                                          while it runs
 * </pre>
 *
 * A run that starts again under its old name writes to {@code checkpoints-2} and so on, and keeps the old ones.
 */
public final class RunDirectory {
    public static final String CHECKPOINTS = "checkpoints";
    static final String LOCK = "LOCK";
    static final Duration LOCK_LIFE = Duration.ofMinutes(1);
    private static final Lock.Patience PATIENCE = new Lock.Patience(Duration.ZERO, LOCK_LIFE.plusSeconds(15));

    /** Of a file that is read, which is held in memory. */
    private static final int MOST_BYTES = 1 << 30;

    private final HadoopStorage storage;
    private final String path;

    RunDirectory(HadoopStorage storage, String path) {
        this.storage = storage;
        this.path = path;
    }

    public String path() {
        return path;
    }

    /**
     * Takes the lock of this run. If its owner is a process elsewhere, waits until it is clear whether that lives.
     *
     * @throws UserError TRY_AGAIN with the owner's name if another process holds it
     */
    public Lock lock(String owner) {
        return Lock.take(storage, path + "/" + LOCK, owner, LOCK_LIFE, PATIENCE);
    }

    /**
     * Makes an empty directory for the checkpoints of a run that starts again: from now on it is the one to continue from.
     *
     * @param lock of this run
     */
    public void startAgain(Lock lock) {
        lock.requireHeld();
        int last = lastAttempt();
        try {
            boolean used = !storage.at(path + "/" + attempt(last)).names().isEmpty();
            storage.at(path + "/" + attempt(used ? last + 1 : last)).makeDirectory();
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    /**
     * Writes a file such as {@code run.json}; replaces one of the same name.
     *
     * @param lock of this run
     * @throws UserError CANNOT_WRITE, or TRY_AGAIN if the file system is not ready or the lock is lost
     */
    public void write(Lock lock, String name, FileContent content) {
        try {
            new OwnedFile(lock, storage, path + "/" + name).replace(content);
        } catch (IOException e) {
            throw StorageFailure.writing(path + "/" + name, e);
        }
    }

    /**
     * Removes a file whose content is, or may be, wrong.
     *
     * @param lock of this run
     */
    public void remove(Lock lock, String name) {
        try {
            new OwnedFile(lock, storage, path + "/" + name).remove();
        } catch (IOException e) {
            throw StorageFailure.writing(path + "/" + name, e);
        }
    }

    /** The content of a file; empty if there is none. */
    public Optional<byte[]> read(String name) {
        String file = path + "/" + name;
        try {
            if (!storage.exists(file)) {
                return Optional.empty();
            }
            long length = storage.length(file);
            if (length > MOST_BYTES) {
                throw new IOException("it has %,d bytes, expected at most %,d".formatted(length, MOST_BYTES));
            }
            try (InputStream in = storage.open(file)) {
                // by its length: what is not a regular file, such as a device, may never end
                return Optional.of(in.readNBytes((int) length));
            }
        } catch (IOException e) {
            throw StorageFailure.reading(file, e);
        }
    }

    /**
     * Commits a model that is kept with its run and not published.
     *
     * @param lock of the run, or of what it is a part of
     * @return path of its directory
     */
    public String writeModel(Lock lock, TrainedModel model) {
        String directory = path + "/model";
        try {
            new OwnedFile(lock, storage, directory + "/" + Manifest.FILE).remove();
            Commit.remove(storage, directory); // what an interrupted attempt left
            Commit.write(lock, storage, directory, ModelFiles.contents(model), "model", 0);
            return directory;
        } catch (IOException e) {
            throw StorageFailure.writing(directory, e);
        }
    }

    /** The checkpoints to continue from and to add to. */
    public Checkpoints checkpoints() {
        return new Checkpoints(storage, path + "/" + attempt(lastAttempt()));
    }

    private int lastAttempt() {
        try {
            List<String> names = storage.at(path).names();
            int attempt = 1;
            while (names.contains(attempt(attempt + 1))) {
                attempt++;
            }
            return attempt;
        } catch (IOException e) {
            throw StorageFailure.reading(path, e);
        }
    }

    private static String attempt(int number) {
        return number == 1 ? CHECKPOINTS : CHECKPOINTS + "-" + number;
    }
}
