package io.treegrad.settings;

/** How progress is shown. */
public enum ProgressMode {
    /** A bar on a terminal, otherwise plain lines. */
    AUTO,
    BAR,
    PLAIN,
    NONE
}
