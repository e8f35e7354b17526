package io.treegrad.settings;

/** Where the value of a setting can come from, the strongest last. */
public enum Origin {
    DEFAULT,
    FILE,
    SPARK_KEY,
    OPTION,
    /** A program that uses this one as a library, and knows settings by their names. */
    PROGRAM
}
