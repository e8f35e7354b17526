package io.treegrad.storage;

import io.treegrad.common.UserError;
import io.treegrad.model.FileContent;
import java.io.IOException;
import java.util.UUID;

/**
 * A file that only the owner of a lock may change. An owner may be stopped right after it has looked at its lock, and go
 * on when the file is that of another, so it looks once more when only the last step is left.
 *
 * @param lock that gives the right to change it
 */
record OwnedFile(Lock lock, HadoopStorage storage, String path) {
    /**
     * Writes it, new or in place of one that is there.
     *
     * @throws UserError TRY_AGAIN if the lock is lost
     */
    void replace(FileContent content) throws IOException {
        storage.at(path).replace(content, lock::requireHeld);
    }

    /**
     * Removes it; does nothing if there is none. It gets a name of its own first, under which it is looked for by nobody,
     * and its old name back if the lock is lost.
     *
     * @throws UserError TRY_AGAIN if the lock is lost
     */
    void remove() throws IOException {
        lock.requireHeld();
        String aside = path + ".stale-" + UUID.randomUUID();
        if (!isMoved(path, aside)) {
            storage.at(path).delete(); // as on a full disk, which may refuse even a new name
            return;
        }
        try {
            lock.requireHeld();
        } catch (UserError e) {
            storage.at(aside).rename(name(path));
            throw e;
        }
        storage.at(aside).delete();
    }

    private boolean isMoved(String from, String to) {
        try {
            return storage.at(from).rename(name(to));
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
