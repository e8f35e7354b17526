package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that a run reads, with size and SHA-256: each run writes one, and a run that is given one reads nothing else.
 *
 * @param schema version of this record, 1
 * @param files by path, or by name
 */
@JsonPropertyOrder({"schema", "files"})
public record InputManifest(int schema, Map<String, FileDigest> files) {
    /** Name of the file that a run writes. */
    public static final String FILE = "inputs.json";

    private static final int SCHEMA = 1;

    public InputManifest {
        files = Require.sorted(files, "files");
    }

    public static InputManifest of(Map<String, FileDigest> files) {
        return new InputManifest(SCHEMA, files);
    }

    /** @throws UserError BAD_DATA if these bytes are no manifest */
    public static InputManifest parse(byte[] bytes, String path) {
        return Json.read(bytes, SCHEMA, InputManifest.class, path);
    }

    /** One file a line, for people. */
    public byte[] toBytes() {
        return Json.page(this);
    }

    /**
     * How files differ from these, in sentences; empty if they do not.
     *
     * @param found files by path; one that this names otherwise is looked for by its name
     */
    public List<String> differencesTo(Map<String, FileDigest> found) {
        List<String> differences = new ArrayList<>();
        List<String> missing = new ArrayList<>(files.keySet());
        found.forEach((path, digest) -> {
            Optional<String> entry = entry(path);
            if (entry.isEmpty()) {
                differences.add(path + " is not in it");
            } else {
                missing.remove(entry.get());
                FileDigest expected = files.get(entry.get());
                if (!expected.equals(digest)) {
                    differences.add("%s has %,d bytes and the SHA-256 %s, expected %,d and %s"
                            .formatted(path, digest.size(), digest.sha256(), expected.size(), expected.sha256()));
                }
            }
        });
        missing.forEach(path -> differences.add(path + " is in it and not among the data"));
        return differences;
    }

    private Optional<String> entry(String path) {
        if (files.containsKey(path)) {
            return Optional.of(path);
        }
        List<String> sameName = files.keySet().stream()
                .filter(other -> name(other).equals(name(path)))
                .toList();
        return sameName.size() == 1 ? Optional.of(sameName.get(0)) : Optional.empty();
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
