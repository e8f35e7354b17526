package io.treegrad.data;

import java.util.Locale;

/** What a set of rows is used for. */
public enum Part {
    TRAIN,
    VALIDATION,
    TEST;

    /** The name in messages and files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
