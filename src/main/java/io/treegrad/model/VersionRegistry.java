package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known about the published versions beside the versions themselves. The champion is not in it: that is the
 * version that {@code CURRENT} names.
 *
 * @param schema version of this record, 1
 * @param candidate the version that was published to be looked at before it becomes the champion; null if there is none
 * @param pinned versions that are never removed, sorted
 * @param changes of champion, candidate and pins, oldest first; the oldest of very many are forgotten
 */
@JsonPropertyOrder({"schema", "candidate", "pinned", "changes"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VersionRegistry(int schema, String candidate, List<String> pinned, List<Change> changes) {
    /** Name of the file, which stands beside {@code CURRENT}. */
    public static final String FILE = "registry.json";

    private static final int SCHEMA = 1;
    private static final int MOST_CHANGES = 1000;

    /** No version is published. */
    public static final VersionRegistry EMPTY = new VersionRegistry(SCHEMA, null, List.of(), List.of());

    public VersionRegistry {
        pinned = List.copyOf(Require.present(pinned, "pinned"));
        changes = List.copyOf(Require.present(changes, "changes"));
    }

    /** What was done. */
    public enum Action {
        PUBLISH,
        PROMOTE,
        ROLLBACK,
        CANDIDATE,
        PIN,
        UNPIN;

        /** Whether another version is the champion from then on. */
        boolean changesChampion() {
            return this == PUBLISH || this == PROMOTE || this == ROLLBACK;
        }
    }

    /**
     * One change.
     *
     * @param time in UTC, as in {@code 2026-01-31T12:00:00Z}
     * @param version that it concerns
     * @param before the champion before; null if there was none or it did not change
     * @param weightsSha256 of the version
     */
    @JsonPropertyOrder({"time", "action", "version", "before", "weightsSha256"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(String time, Action action, String version, String before, String weightsSha256) {
        public Change {
            Require.text(time, "time");
            Require.present(action, "action");
            Require.text(version, "version");
            Require.sha256(weightsSha256, "weightsSha256");
        }
    }

    /** @throws UserError BAD_DATA if this is no registry, BAD_CONFIGURATION if another version of the program wrote it */
    public static VersionRegistry parse(byte[] bytes, String path) {
        OtherSchema.refuse(
                bytes, SCHEMA, path, "move it away, so that candidate, pins and champions before are forgotten");
        return Json.read(bytes, SCHEMA, VersionRegistry.class, path);
    }

    public byte[] toBytes() {
        return (new String(Json.line(this), StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** This after a change. A candidate that becomes the champion is no candidate any more. */
    public VersionRegistry with(Change change) {
        List<Change> all = new ArrayList<>(changes);
        all.add(change);
        TreeSet<String> pins = new TreeSet<>(pinned);
        String named = change.action.changesChampion() && change.version.equals(candidate) ? null : candidate;
        switch (change.action) {
            case CANDIDATE -> named = change.version;
            case PIN -> pins.add(change.version);
            case UNPIN -> pins.remove(change.version);
            case PUBLISH, PROMOTE, ROLLBACK -> {}
        }
        return new VersionRegistry(
                SCHEMA, named, List.copyOf(pins), all.subList(Math.max(0, all.size() - MOST_CHANGES), all.size()));
    }

    /**
     * The champion before this one: each rollback takes the last change back that is not taken back yet. Empty if none is
     * known.
     */
    public Optional<String> championBefore(String champion) {
        List<String> champions = new ArrayList<>();
        for (Change change : changes) {
            if (change.action == Action.ROLLBACK) {
                champions
                        .subList(champions.lastIndexOf(change.version) + 1, champions.size())
                        .clear();
            } else if (change.action.changesChampion() && change.before != null) {
                addUnlessLast(champions, change.before); // known already, unless its own change was not recorded
            }
            if (change.action.changesChampion()) {
                addUnlessLast(champions, change.version);
            }
        }
        int at = champions.lastIndexOf(champion);
        return at > 0 ? Optional.of(champions.get(at - 1)) : Optional.empty();
    }

    /** The version that became the champion last; empty if none is known. */
    public Optional<String> lastChampion() {
        return changes.stream()
                .filter(change -> change.action.changesChampion())
                .reduce((earlier, later) -> later)
                .map(Change::version);
    }

    /** Versions that were published to be looked at, and have never been the champion. */
    public Set<String> neverChampion() {
        Set<String> versions = new HashSet<>();
        changes.stream()
                .filter(change -> change.action == Action.CANDIDATE)
                .forEach(change -> versions.add(change.version));
        changes.stream()
                .filter(change -> change.action.changesChampion())
                .forEach(change -> versions.remove(change.version));
        return versions;
    }

    /** The last version that was published to be looked at, if it has become the champion. */
    public Optional<String> lastPromotedCandidate() {
        return changes.stream()
                .filter(change -> change.action == Action.CANDIDATE)
                .reduce((earlier, later) -> later)
                .map(Change::version)
                .filter(version -> !version.equals(candidate));
    }

    /** What the last change of a version tells of its weights; empty if none is known. */
    public Optional<String> lastDigest(String version) {
        return changes.stream()
                .filter(change -> change.version.equals(version))
                .reduce((earlier, later) -> later)
                .map(Change::weightsSha256);
    }

    /** A version that becomes the champion again, as when a command is tried again, is not before itself. */
    private static void addUnlessLast(List<String> champions, String version) {
        if (champions.isEmpty() || !champions.get(champions.size() - 1).equals(version)) {
            champions.add(version);
        }
    }

    /** Versions that are never removed: the pinned ones and the candidate. */
    public List<String> kept() {
        List<String> kept = new ArrayList<>(pinned);
        if (candidate != null) {
            kept.add(candidate);
        }
        return kept;
    }
}
