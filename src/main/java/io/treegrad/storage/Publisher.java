package io.treegrad.storage;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.model.VersionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Adds versions to an output directory and writes {@code CURRENT}; each change is recorded in the registry. */
final class Publisher {
    private static final RedactedLog LOG = RedactedLog.of(Publisher.class);
    private static final int MOST_BYTES = 4096;

    private final HadoopStorage storage;
    private final RegistryFile registry;
    private final String versions;
    private final String current;

    /** @param root the output directory */
    Publisher(HadoopStorage storage, String root) {
        this.storage = storage;
        this.registry = new RegistryFile(storage, root);
        this.versions = root + "/" + ModelFiles.VERSIONS;
        this.current = root + "/" + ModelFiles.CURRENT;
    }

    /** See {@link OutputDirectory#publish}. */
    String publish(Lock lock, String name, TrainedModel model) {
        try {
            String version = commit(lock, name, model);
            Optional<String> before = championIfReadable();
            try {
                setChampion(lock, version);
            } catch (IOException e) {
                // a publish that says it failed must have failed: where CURRENT cannot be replaced as a whole, readers
                // would fall back to this version
                if (!before.equals(Optional.of(version))) {
                    Commit.remove(storage, versions + "/" + version);
                }
                throw e;
            }
            Failpoint.reach("after-current", 0);
            record(lock, VersionRegistry.Action.PUBLISH, version, before, model);
            return versions + "/" + version;
        } catch (IOException e) {
            throw StorageFailure.writing(versions + "/" + name, e);
        }
    }

    /** See {@link OutputDirectory#publishCandidate}. */
    String publishCandidate(Lock lock, String name, TrainedModel model) {
        try {
            String version = commit(lock, name, model);
            registry.add(lock, VersionRegistry.Action.CANDIDATE, version, null, model.weightsSha256());
            return versions + "/" + version;
        } catch (IOException e) {
            throw StorageFailure.writing(versions + "/" + name, e);
        }
    }

    /** See {@link OutputDirectory#versionOf}. */
    Optional<String> versionOf(String runId, TrainedModel model) throws IOException {
        Pattern ofRun = Pattern.compile("(.*Z-)?" + Pattern.quote(runId) + "(\\.\\d+)?");
        for (String version : storage.at(versions).names()) {
            if (ofRun.matcher(version).matches() && holds(version, model)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    /**
     * Commits a version, unless one of this name is there and has this model.
     *
     * @return its name, with a number if the name was used for another
     */
    private String commit(Lock lock, String name, TrainedModel model) throws IOException {
        List<String> used = storage.at(versions).names();
        String version = name;
        for (int i = 2; used.contains(version); i++) {
            if (holds(version, model)) {
                return version;
            }
            version = name + "." + i;
        }
        Commit.write(lock, storage, versions + "/" + version, ModelFiles.contents(model), "version", 0);
        return version;
    }

    /** Whether a version is whole, and has this model, from the same data and with the same metrics. */
    private boolean holds(String version, TrainedModel model) throws IOException {
        try {
            TrainedModel there = ModelFiles.read(storage, versions + "/" + version);
            return there.weightsSha256().equals(model.weightsSha256())
                    && there.provenance().data().equals(model.provenance().data())
                    && there.provenance().metrics().equals(model.provenance().metrics());
        } catch (UserError e) {
            return false;
        }
    }

    /** The version that {@code CURRENT} names; empty if there is none, or if it is broken. */
    Optional<String> champion() throws IOException {
        if (!storage.exists(current)) {
            return Optional.empty();
        }
        try (InputStream in = storage.open(current)) {
            return Optional.of(ModelFiles.parseCurrent(in.readNBytes(MOST_BYTES), current));
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    /** On HDFS, a writer that died leaves a file that cannot be read for an hour, but can be replaced. */
    private Optional<String> championIfReadable() {
        try {
            return champion();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void setChampion(Lock lock, String version) throws IOException {
        Failpoint.reach("before-current", 0);
        byte[] content = ModelFiles.current(version);
        new OwnedFile(lock, storage, current).replace(out -> out.write(content));
    }

    /** Records a change that has happened. Its failure is only logged: readers get the new champion. */
    void record(Lock lock, VersionRegistry.Action action, String version, Optional<String> before, TrainedModel model) {
        try {
            registry.add(lock, action, version, before.orElse(null), model.weightsSha256());
        } catch (IOException | UserError e) {
            LOG.warn("The registry could not be updated: {}", e);
        }
    }
}
