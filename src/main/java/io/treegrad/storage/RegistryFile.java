package io.treegrad.storage;

import io.treegrad.model.VersionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The {@link VersionRegistry} of an output directory. Only the owner of its lock writes it. */
final class RegistryFile {
    private static final RedactedLog LOG = RedactedLog.of(RegistryFile.class);
    private static final int MOST_BYTES = 1 << 22;

    private final HadoopStorage storage;
    private final String path;

    RegistryFile(HadoopStorage storage, String root) {
        this.storage = storage;
        this.path = root + "/" + VersionRegistry.FILE;
    }

    /** @throws io.treegrad.common.UserError BAD_DATA if it is damaged */
    VersionRegistry read() throws IOException {
        if (!storage.exists(path)) {
            return VersionRegistry.EMPTY;
        }
        try (InputStream in = storage.open(path)) {
            return VersionRegistry.parse(in.readNBytes(MOST_BYTES), path);
        }
    }

    /** Adds a change that happens now, and logs it, unless it is the publication that the run itself tells. */
    void add(Lock lock, VersionRegistry.Action action, String version, String before, String weightsSha256)
            throws IOException {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        VersionRegistry.Change change = new VersionRegistry.Change(now, action, version, before, weightsSha256);
        byte[] bytes = read().with(change).toBytes();
        new OwnedFile(lock, storage, path).replace(out -> out.write(bytes));
        if (action != VersionRegistry.Action.PUBLISH) {
            LOG.info(
                    "{} {} (weights {}){}",
                    action.name().toLowerCase(Locale.ROOT),
                    version,
                    weightsSha256,
                    before == null ? "" : ", the champion before was " + before);
        }
    }
}
