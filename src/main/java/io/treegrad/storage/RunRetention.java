package io.treegrad.storage;

import io.treegrad.common.UserError;
import io.treegrad.model.EpochLine;
import io.treegrad.model.InputManifest;
import io.treegrad.model.LossCurve;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Removes the directories of old runs, and logs each. One that is in progress stays, and so does one in which somebody put
 * other files.
 */
final class RunRetention {
    private static final RedactedLog LOG = RedactedLog.of(RunRetention.class);

    /** Names of all that a run leaves; a process that was killed leaves files beside those that it was to replace. */
    private static final Pattern RUN_FILE = Pattern.compile("("
            + Stream.of(RunDirectory.LOCK, "run.json", InputManifest.FILE, EpochLine.FILE, LossCurve.FILE)
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|"))
            + ")(\\.(new|stale|probe)-.*)?|report|model|" + RunDirectory.CHECKPOINTS + "(-\\d+)?");

    /** Whoever has the lock of a run is not waited for. */
    private static final Lock.Patience NONE = new Lock.Patience(Duration.ZERO, Duration.ZERO);

    /** @param written when its last file was written */
    private record Run(String directory, Instant written) {}

    private final HadoopStorage storage;
    private final String runs;
    private final String sweeps;

    /**
     * @param runs directory of all runs
     * @param sweeps directory of all sweeps, whose trials are runs
     */
    RunRetention(HadoopStorage storage, String runs, String sweeps) {
        this.storage = storage;
        this.runs = runs;
        this.sweeps = sweeps;
    }

    /**
     * @param keep how many runs to keep, those that were written to last
     * @param before only runs that were last written to before this are removed
     * @param versions whose runs are kept in any case
     */
    void keep(int keep, Instant before, Set<String> versions) throws IOException {
        List<Run> newestFirst = new ArrayList<>();
        for (String name : storage.at(runs).names()) {
            String directory = runs + "/" + name;
            if (!storage.exists(directory)) {
                newestFirst.add(new Run(directory, written(directory)));
            }
        }
        newestFirst.sort(Comparator.comparing(Run::written).reversed());
        for (Run run : newestFirst.subList(Math.min(keep, newestFirst.size()), newestFirst.size())) {
            String name = run.directory.substring(runs.length() + 1);
            boolean isKept = versions.stream().anyMatch(version -> isOfRun(version, name));
            if (!isKept && run.written.isBefore(before)) {
                remove(run.directory);
            }
        }
    }

    /** A version has the name of its run, after the time unless that begins it anyway, and before a number if it was used. */
    private static boolean isOfRun(String version, String run) {
        String named = version.replaceFirst("\\.\\d+$", "");
        return List.of(version, named).stream().anyMatch(one -> one.equals(run) || one.endsWith("Z-" + run));
    }

    private Instant written(String directory) throws IOException {
        long last = 0;
        for (String name : storage.at(directory).names()) {
            StoragePath file = storage.at(directory + "/" + name);
            last = file.isFile() ? Math.max(last, file.modified()) : last;
        }
        return Instant.ofEpochMilli(last == 0 ? storage.at(directory).modified() : last);
    }

    private void remove(String directory) throws IOException {
        List<String> others = storage.at(directory).names().stream()
                .filter(name -> !RUN_FILE.matcher(name).matches())
                .toList();
        if (!others.isEmpty()) {
            LOG.warn("{} is an old run and stays: no run wrote {} in it.", directory, others);
            return;
        }
        try (Lock sweep = lockOfSweep(directory.substring(runs.length() + 1));
                Lock lock = lock(directory)) {
            if (sweep != null) {
                lock.within(sweep);
            }
            LOG.info("Removing {}: an old run.", directory);
            for (String name : storage.at(directory).names()) {
                if (!name.equals(RunDirectory.LOCK)) {
                    lock.requireHeld();
                    storage.at(directory + "/" + name).delete();
                }
            }
        } catch (UserError e) {
            LOG.warn("{} stays: {}", directory, e.getMessage());
            return;
        }
        if (storage.at(directory).names().isEmpty()) { // nobody has started it again
            storage.at(directory).delete();
        }
    }

    /** The lock of the sweep that this run is a trial of; null if it is none. The trials of a sweep have no other. */
    private Lock lockOfSweep(String run) throws IOException {
        for (String sweep : storage.at(sweeps).names()) {
            if (run.matches(Pattern.quote(sweep) + "-\\d+(-\\d+e)?")) {
                return lock(sweeps + "/" + sweep);
            }
        }
        return null;
    }

    private Lock lock(String directory) {
        return Lock.take(storage, directory + "/" + RunDirectory.LOCK, "models prune", RunDirectory.LOCK_LIFE, NONE);
    }
}
