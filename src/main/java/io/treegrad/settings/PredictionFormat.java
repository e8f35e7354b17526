package io.treegrad.settings;

/** How predictions are written. */
public enum PredictionFormat {
    CSV,
    JSONL
}
