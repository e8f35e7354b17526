package io.treegrad.storage;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.UserError;
import io.treegrad.model.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The checkpoints of a run, in directories whose names sort by step. Not thread-safe. */
public final class Checkpoints {
    private static final RedactedLog LOG = RedactedLog.of(Checkpoints.class);
    private static final Pattern NAME = Pattern.compile("ckpt-\\d{12}(\\.\\d+)?");

    private final HadoopStorage storage;
    private final String directory;
    private final Set<String> damaged = new HashSet<>();
    private final Map<String, Double> validationLosses = new HashMap<>();

    Checkpoints(HadoopStorage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
    }

    public String path() {
        return directory;
    }

    /** How many were found damaged by {@link #newest}. */
    public int damaged() {
        return damaged.size();
    }

    /** Whether the run has saved none, of whatever quality. */
    public boolean isEmpty() {
        try {
            return finished().isEmpty();
        } catch (IOException e) {
            throw StorageFailure.reading(directory, e);
        }
    }

    /**
     * The newest checkpoint that verifies, after a warning for each newer damaged one; empty if there are no
     * checkpoints. One without {@code _SUCCESS} is unfinished and ignored.
     *
     * @throws UserError NO_CHECKPOINT if there are some and all are damaged; BAD_CONFIGURATION if another version of
     *     the program wrote the newest
     */
    public Optional<Checkpoint> newest() {
        try {
            List<String> names = new ArrayList<>(finished());
            Collections.reverse(names);
            for (String name : names) {
                try {
                    return Optional.of(Checkpoint.read(storage, directory + "/" + name));
                } catch (UserError e) {
                    if (e.kind() == UserError.Kind.BAD_CONFIGURATION) {
                        throw e;
                    }
                    damaged.add(name);
                    LOG.warn("{} Going back to the checkpoint before {}.", e.getMessage(), name);
                }
            }
            if (names.isEmpty()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw StorageFailure.reading(directory, e);
        }
        throw new UserError(
                        UserError.Kind.NO_CHECKPOINT,
                        "%s: all %d checkpoints are damaged, expected one that verifies. Start again with resume = never, which"
                                        .formatted(directory, damaged.size())
                                + " deletes nothing, or restore a good copy.")
                .fixedBy("resume");
    }

    /**
     * Saves a checkpoint and verifies it by reading it back. Only then removes old ones.
     *
     * @param lock of the run
     * @param keep how many of the newest to keep, at least 1; the one with the lowest validation loss is kept as well
     */
    public String save(Lock lock, Checkpoint checkpoint, int keep) {
        long step = checkpoint.state().step();
        String first = String.format(Locale.ROOT, "ckpt-%012d", step);
        String path = directory + "/" + first;
        try {
            List<String> names = storage.at(directory).names();
            String name = first;
            for (int i = 2; names.contains(name); i++) {
                name = first + "." + i;
            }
            path = directory + "/" + name;
            Commit.write(lock, storage, path, checkpoint.contents(), "checkpoint", step);
            names = new ArrayList<>(names);
            names.add(name);
            validationLosses.put(name, checkpoint.validationLoss());
            removeOld(lock, names, name, keep);
            return path;
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    private void removeOld(Lock lock, List<String> names, String saved, int keep) {
        try {
            lock.requireHeld();
        } catch (UserError e) {
            LOG.warn("{} Old checkpoints stay.", e.getMessage()); // the new one is saved all the same
            return;
        }
        List<String> good = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String name : names) {
            if (NAME.matcher(name).matches()) {
                (name.equals(saved) || isGood(name) ? good : rest).add(name);
            }
        }
        String best = best(good);
        int old = good.size() - keep;
        for (int i = 0; i < old; i++) {
            if (!good.get(i).equals(best) && !good.get(i).equals(saved)) {
                rest.add(good.get(i));
            }
        }
        rest.forEach(name -> Commit.remove(storage, directory + "/" + name));
    }

    private boolean isGood(String name) {
        try {
            return !damaged.contains(name) && Commit.isFinished(storage, directory + "/" + name);
        } catch (IOException e) {
            return true; // not known to be bad: keep it
        }
    }

    /** The one with the lowest validation loss; null if none has one. */
    private String best(List<String> names) {
        String best = null;
        double lowest = Double.POSITIVE_INFINITY;
        for (String name : names) {
            double loss = validationLosses.computeIfAbsent(name, this::validationLoss);
            if (loss < lowest) {
                lowest = loss;
                best = name;
            }
        }
        return best;
    }

    private double validationLoss(String name) {
        try {
            return Checkpoint.validationLoss(storage, directory + "/" + name);
        } catch (IOException | UserError e) {
            LOG.warn("{} cannot be read: {}", directory + "/" + name, OutsideFailure.reason(e));
            return Double.POSITIVE_INFINITY;
        }
    }

    /** Names of the checkpoints that were finished, oldest first. */
    private List<String> finished() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : storage.at(directory).names()) {
            if (NAME.matcher(name).matches() && Commit.isFinished(storage, directory + "/" + name)) {
                names.add(name);
            }
        }
        return names;
    }
}
