package io.treegrad.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;

/**
 * The {@code weightsSha256} of presets that every machine must reach, by preset and seed. They hold for the official files
 * and for the defaults of this version.
 */
public final class ExpectedDigests {
    private static final Properties DIGESTS = load();

    private ExpectedDigests() {}

    /** Of {@code train --config PRESET --seed SEED}; empty if none is recorded. */
    public static Optional<String> of(String preset, long seed) {
        return Optional.ofNullable(DIGESTS.getProperty(preset + "." + seed));
    }

    /** Of the short run of a preset that a test makes; empty if none is recorded. */
    static Optional<String> ofShortRun(String preset) {
        return Optional.ofNullable(DIGESTS.getProperty(preset + ".short"));
    }

    private static Properties load() {
        try (InputStream in = ExpectedDigests.class.getResourceAsStream("digests.properties")) {
            Properties digests = new Properties();
            digests.load(in);
            return digests;
        } catch (IOException e) {
            throw new IllegalStateException("the digests in the jar cannot be read", e);
        }
    }
}
