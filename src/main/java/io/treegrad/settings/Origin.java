package io.treegrad.settings;

/** Where the value of a setting can come from, the strongest last. */
public enum Origin {
    DEFAULT,
    FILE,
    SPARK_KEY,
    OPTION
}
