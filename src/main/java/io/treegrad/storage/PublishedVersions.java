package io.treegrad.storage;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.model.VersionRegistry;
import io.treegrad.model.VersionRegistry.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The versions in an output directory, and which of them is the champion: what {@code models} shows and changes. */
public final class PublishedVersions {
    private static final String CHAMPION = "champion";
    private static final String CANDIDATE = "candidate";

    private final HadoopStorage storage;
    private final OutputDirectory output;
    private final Publisher publisher;
    private final RegistryFile registry;
    private final String root;

    /**
     * A version.
     *
     * @param aliases any of champion, candidate and pinned
     * @param model empty if it is unfinished or damaged
     * @param problem what is wrong with it; empty if nothing is
     */
    public record Version(String name, List<String> aliases, Optional<TrainedModel> model, String problem) {}

    public PublishedVersions(HadoopStorage storage, String root) {
        this.storage = storage;
        this.output = new OutputDirectory(storage, root);
        this.publisher = new Publisher(storage, output.path());
        this.registry = new RegistryFile(storage, output.path());
        this.root = output.path();
    }

    /**
     * All versions, the newest first.
     *
     * @throws UserError INPUT_MISSING if there is no output directory
     */
    public List<Version> list() {
        try {
            if (storage.at(root).names().isEmpty()) {
                throw new UserError(
                                UserError.Kind.INPUT_MISSING,
                                root + ": there is nothing, expected the output directory of train. Check the path.")
                        .fixedBy("output");
            }
            VersionRegistry known = registry.read();
            String champion = publisher.champion().orElse("");
            List<Version> versions = new ArrayList<>();
            for (String name : output.versionNames()) {
                List<String> aliases = new ArrayList<>();
                if (name.equals(champion)) {
                    aliases.add(CHAMPION);
                }
                if (name.equals(known.candidate())) {
                    aliases.add(CANDIDATE);
                }
                if (known.pinned().contains(name)) {
                    aliases.add("pinned");
                }
                versions.add(0, version(name, aliases));
            }
            return versions;
        } catch (IOException e) {
            throw StorageFailure.reading(root, e);
        }
    }

    private Version version(String name, List<String> aliases) throws IOException {
        try {
            return new Version(name, aliases, Optional.of(ModelFiles.read(storage, output.version(name))), "");
        } catch (UserError e) {
            return new Version(name, aliases, Optional.empty(), e.getMessage());
        }
    }

    /**
     * A version by its name, by the name of its run, or by champion or candidate; whole and verified.
     *
     * @throws UserError INPUT_MISSING if there is none; BAD_DATA if it is damaged
     */
    public Version find(String word) {
        Version found = named(word);
        if (found.model().isEmpty()) {
            throw new UserError(UserError.Kind.BAD_DATA, found.problem());
        }
        return found;
    }

    /** The same, or a damaged one. */
    private Version named(String word) {
        List<Version> all = list();
        return all.stream()
                .filter(version -> isNamed(version, word))
                .findFirst()
                .orElseThrow(() -> none(word, all));
    }

    private UserError none(String word, List<Version> all) {
        String text =
                switch (word) {
                    case CANDIDATE ->
                        "there is no candidate, expected one that train has published as such."
                                + lastCandidate()
                                        .map(" The last one, %s, has become the champion."::formatted)
                                        .orElse("");
                    case CHAMPION -> "there is no champion, expected one. Promote a version by its name.";
                    default ->
                        "there is no version " + Printable.quoted(word)
                                + ", expected the name of a version or of its run, champion or candidate."
                                + Suggestion.sentence(
                                        word, all.stream().map(Version::name).toList())
                                + " List them without an action.";
                };
        return new UserError(UserError.Kind.INPUT_MISSING, root + ": " + text).fixedBy("output");
    }

    /** The version that was the candidate until it became the champion; empty if none did. */
    private Optional<String> lastCandidate() {
        try {
            return registry.read().lastPromotedCandidate();
        } catch (IOException e) {
            throw StorageFailure.reading(root, e);
        }
    }

    private static boolean isNamed(Version version, String word) {
        boolean isAlias = word.equals(CHAMPION) || word.equals(CANDIDATE);
        return isAlias
                ? version.aliases().contains(word)
                : version.name().equals(word) || version.name().endsWith("Z-" + word);
    }

    /** Makes a version the champion; returns the one before. */
    public Optional<String> promote(Lock lock, Version version) {
        return makeChampion(lock, version, Action.PROMOTE);
    }

    /**
     * Makes the champion before this one the champion again; returns it.
     *
     * @throws UserError INPUT_MISSING if none is known
     */
    public Version rollback(Lock lock) {
        try {
            String champion = publisher.champion().orElse("");
            String before = registry.read().championBefore(champion).orElseThrow(() -> new UserError(
                            UserError.Kind.INPUT_MISSING,
                            root + ": no champion before " + Printable.quoted(champion)
                                    + " is known, expected one to go back to. Promote a version by its name.")
                    .fixedBy("output"));
            Version version = find(before);
            makeChampion(lock, version, Action.ROLLBACK);
            return version;
        } catch (IOException e) {
            throw StorageFailure.reading(root, e);
        }
    }

    private Optional<String> makeChampion(Lock lock, Version version, Action action) {
        try {
            Optional<String> before = publisher.champion();
            publisher.setChampion(lock, version.name());
            publisher.record(
                    lock, action, version.name(), before, version.model().orElseThrow());
            return before;
        } catch (IOException e) {
            throw StorageFailure.writing(root, e);
        }
    }

    /** Keeps a version from being removed. */
    public void pin(Lock lock, Version version) {
        change(lock, version, Action.PIN);
    }

    /**
     * Lets a version be removed, a damaged one too; returns it.
     *
     * @param word as for {@link #find}
     * @throws UserError INPUT_MISSING if there is none
     */
    public Version unpin(Lock lock, String word) {
        Version version = named(word);
        change(lock, version, Action.UNPIN);
        return version;
    }

    private void change(Lock lock, Version version, Action action) {
        try {
            registry.add(lock, action, version.name(), null, digest(version));
        } catch (IOException e) {
            throw StorageFailure.writing(root, e);
        }
    }

    /** Of the weights; where they cannot be read any more, as the last change tells it. */
    private String digest(Version version) throws IOException {
        VersionRegistry known = registry.read();
        return version.model()
                .map(TrainedModel::weightsSha256)
                .or(() -> known.lastDigest(version.name()))
                .orElseThrow(() -> new UserError(UserError.Kind.BAD_DATA, version.problem()));
    }
}
