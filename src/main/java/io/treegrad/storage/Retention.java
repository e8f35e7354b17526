package io.treegrad.storage;

import io.treegrad.model.Manifest;
import io.treegrad.model.ModelFiles;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Removes the oldest versions, and all unfinished ones, and logs each. What has a name that no run gives to a version, or is
 * not a directory, does not count and stays; so does a version in which somebody put other files.
 */
final class Retention {
    private static final RedactedLog LOG = RedactedLog.of(Retention.class);

    /** Names that runs give to versions, with the number that publishing may add. */
    private static final Pattern VERSION_NAME = Pattern.compile("\\d{8}T\\d{6}Z-[A-Za-z0-9][A-Za-z0-9._-]*");

    /** All that a version may hold. */
    private static final Set<String> VERSION_FILES =
            Set.of(ModelFiles.WEIGHTS, ModelFiles.DESCRIPTION, ModelFiles.ONNX, Manifest.FILE);

    /** Begins the names of runs and versions, so that the newest sorts last. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final HadoopStorage storage;
    private final String versions;

    /** @param versions directory of all versions */
    Retention(HadoopStorage storage, String versions) {
        this.storage = storage;
        this.versions = versions;
    }

    static boolean isVersion(String name) {
        return VERSION_NAME.matcher(name).matches();
    }

    /**
     * @param keep how many of the newest versions to keep, at least 1
     * @param before only versions of runs that started before this are removed
     * @param kept names of versions that are kept in any case
     */
    void keep(int keep, Instant before, Set<String> kept) throws IOException {
        List<String> names = new ArrayList<>(storage.at(versions).names());
        Collections.reverse(names);
        int count = 0;
        for (String name : names) {
            String directory = versions + "/" + name;
            if (!isVersion(name) || storage.exists(directory)) {
                continue;
            }
            boolean complete = Commit.isFinished(storage, directory);
            if (kept.contains(name) || (complete && count < keep)) {
                count++;
            } else if (started(name).isBefore(before)) {
                remove(directory, complete ? "an old version" : "an unfinished version");
            }
        }
    }

    /** When the run of a version started, by its name; long ago if that is no time. */
    private static Instant started(String version) {
        try {
            return Instant.from(TIME.parse(version.substring(0, version.indexOf('-'))));
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }

    private void remove(String directory, String what) throws IOException {
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
}
