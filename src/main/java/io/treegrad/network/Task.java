package io.treegrad.network;

import java.util.Locale;

/** What the outputs of a network say about a row. */
public enum Task {
    /** Which of several classes it belongs to. */
    CLASSIFICATION,
    /** A number. */
    REGRESSION;

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
