package io.treegrad.storage;

import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import io.treegrad.model.Manifest;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.VersionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The version that readers of an output directory get: the one that {@code CURRENT} names. If that cannot be used, it is
 * the last champion that the registry knows, else the newest version that can be used, with a warning; never one that was
 * published as a candidate and not promoted.
 */
public final class CurrentVersion {
    private static final RedactedLog LOG = RedactedLog.of(CurrentVersion.class);
    private static final int MOST_BYTES = 4096;

    private final HadoopStorage storage;
    private final String root;
    private final String versions;

    CurrentVersion(HadoopStorage storage, String root) {
        this.storage = storage;
        this.root = root;
        this.versions = root + "/" + ModelFiles.VERSIONS;
    }

    /** How a version directory is used. */
    interface Reader<T> {
        /** @throws UserError if it is unfinished or damaged */
        T read(String directory) throws IOException;
    }

    /**
     * The version directory for a user's path to a model: an output directory means its current version, a file in a
     * version means that version.
     *
     * @param settings names of those that give the path
     * @throws UserError INPUT_MISSING if there is no model there
     */
    public static String at(HadoopStorage storage, String path, String... settings) throws IOException {
        String clean = StoragePath.withoutSlash(path);
        int slash = clean.lastIndexOf('/');
        if (Set.of(ModelFiles.WEIGHTS, ModelFiles.DESCRIPTION).contains(clean.substring(slash + 1))) {
            return slash < 0 ? "." : clean.substring(0, slash);
        }
        if (storage.exists(clean + "/" + Manifest.FILE)) {
            return clean;
        }
        CurrentVersion current = new CurrentVersion(storage, clean);
        return current.directory().orElseThrow(() -> current.none(path).fixedBy(settings));
    }

    private UserError none(String path) {
        String candidate = registry().candidate();
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                candidate == null
                        ? path
                                + ": there is no model, expected an output directory of train, one of its versions or a "
                                + ModelFiles.WEIGHTS + ". Check the path, or train first."
                        : path
                                + ": no version is the champion, expected one. Promote the candidate, or give its path, "
                                + versions + "/" + candidate + ".");
    }

    /** Empty if there is none. */
    Optional<String> directory() throws IOException {
        return read(directory -> {
            Manifest.verified(storage, directory);
            return directory;
        });
    }

    /** The same, as it is read; empty if there is none. */
    <T> Optional<T> read(Reader<T> reader) throws IOException {
        String current = root + "/" + ModelFiles.CURRENT;
        String problem = "it is missing";
        String tried = "";
        if (storage.exists(current)) {
            try {
                tried = ModelFiles.parseCurrent(bytes(storage, current), current);
                return Optional.of(reader.read(versions + "/" + tried));
            } catch (UserError e) {
                problem = e.getMessage();
            } catch (IOException e) {
                // on HDFS, a writer that died leaves a file that cannot be read for an hour, until its lease is
                // recovered
                problem = e.toString();
            }
        }
        Set<String> others = others();
        others.remove(tried);
        for (String version : others) {
            String directory = versions + "/" + version;
            try {
                T read = reader.read(directory);
                LOG.warn("{} cannot be used ({}): taking {}.", current, problem, directory);
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

    /** What readers may get where {@code CURRENT} does not help, the best first. */
    private Set<String> others() throws IOException {
        VersionRegistry registry = registry();
        List<String> newest = new ArrayList<>(storage.at(versions).names());
        newest.removeAll(registry.neverChampion());
        Collections.reverse(newest);
        Set<String> others = new LinkedHashSet<>();
        registry.lastChampion().filter(newest::contains).ifPresent(others::add);
        others.addAll(newest);
        return others;
    }

    /** Empty where it cannot be read: readers need it only if other things are broken too. */
    private VersionRegistry registry() {
        try {
            return new RegistryFile(storage, root).read();
        } catch (IOException | UserError e) {
            return VersionRegistry.EMPTY;
        }
    }

    private static byte[] bytes(Storage storage, String path) throws IOException {
        try (InputStream in = storage.open(path)) {
            return in.readNBytes(MOST_BYTES);
        }
    }
}
