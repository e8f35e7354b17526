package io.treegrad.run;

import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import io.treegrad.model.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files that a run reads. */
final class InputFiles {
    private InputFiles() {}

    /** SHA-256 of each file by its name, or by its path if an earlier file has the same name. Reads all of them. */
    static Map<String, String> digests(Storage storage, List<String> paths) {
        Map<String, String> digests = new TreeMap<>();
        for (String path : paths) {
            try (InputStream in = storage.open(path)) {
                String name = path.substring(path.lastIndexOf('/') + 1);
                digests.put(
                        digests.containsKey(name) ? Redaction.redact(path) : name,
                        FileDigest.of(in).sha256());
            } catch (IOException e) {
                throw new UserError(
                        UserError.Kind.INPUT_MISSING,
                        "%s cannot be read (%s): expected a file that does not change during a run. Check the path."
                                .formatted(path, e.getMessage()),
                        e);
            }
        }
        return digests;
    }
}
