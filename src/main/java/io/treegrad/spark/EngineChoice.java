package io.treegrad.spark;

import java.util.Locale;

/** The step engine that a user asks for. */
public enum EngineChoice {
    /** {@link #RESIDENT} where it can run, else {@link #TREE}. */
    AUTO,
    TREE,
    RESIDENT;

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
