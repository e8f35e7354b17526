package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.data.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Everything that decides the result of a training, to the last bit. Partitions, engine and output directory do not decide
 * it and are not included. A run may continue only from a checkpoint with an equal fingerprint.
 *
 * @param recipe network and hyper-parameters by name; equal values have equal texts
 * @param data kind of the data
 * @param rows number of rows of each part
 * @param sha256 of each file by its name; empty for data that the program draws itself
 */
@JsonPropertyOrder({"recipe", "data", "rows", "sha256"})
public record Fingerprint(Map<String, String> recipe, String data, Map<Part, Long> rows, Map<String, String> sha256) {
    public Fingerprint {
        recipe = Require.sorted(recipe, "recipe");
        Require.text(data, "data");
        rows = Require.sorted(rows, "rows");
        sha256 = Require.sorted(sha256, "sha256");
        sha256.forEach((file, hex) -> Require.sha256(hex, "sha256 of " + file));
    }

    /**
     * One difference between two trainings.
     *
     * @param of {@code DATA} for other rows of the same kind and number
     */
    public record Difference(String what, String before, String now, Of of) {
        /** What it concerns. */
        public enum Of {
            RECIPE,
            DATA
        }

        @Override
        public String toString() {
            return what + " was " + before + " and now is " + now;
        }
    }

    /** The differences between this and {@code now}; empty if the run may continue. */
    public List<Difference> differencesTo(Fingerprint now) {
        List<Difference> differences = new ArrayList<>();
        union(recipe.keySet(), now.recipe.keySet())
                .forEach(name ->
                        compare(differences, name, recipe.get(name), now.recipe.get(name), Difference.Of.RECIPE));
        compare(differences, "the kind of data", data, now.data, Difference.Of.DATA);
        for (Part part : Part.values()) {
            compare(
                    differences,
                    "the number of " + part.label() + " rows",
                    rows.get(part),
                    now.rows.get(part),
                    // another number of training rows is another number of steps, so there is no step to continue at
                    part == Part.TRAIN ? Difference.Of.RECIPE : Difference.Of.DATA);
        }
        // files may be renamed: only their content counts
        if (!sorted(sha256.values()).equals(sorted(now.sha256.values()))) {
            union(sha256.keySet(), now.sha256.keySet())
                    .forEach(file -> compare(
                            differences,
                            "the SHA-256 of " + file,
                            sha256.get(file),
                            now.sha256.get(file),
                            Difference.Of.DATA));
        }
        return differences;
    }

    private static void compare(List<Difference> found, String what, Object before, Object now, Difference.Of of) {
        String left = before == null ? "absent" : before.toString();
        String right = now == null ? "absent" : now.toString();
        if (!left.equals(right)) {
            found.add(new Difference(what, left, right, of));
        }
    }

    private static Collection<String> union(Collection<String> left, Collection<String> right) {
        TreeSet<String> all = new TreeSet<>(left);
        all.addAll(right);
        return all;
    }

    private static List<String> sorted(Collection<String> values) {
        return values.stream().sorted().toList();
    }
}
