package io.treegrad.model;

/** How predictions are written. */
public enum PredictionFormat {
    CSV,
    /** A JSON object a line. */
    JSONL,
    PARQUET;

    /** The end of the names of files. */
    public String suffix() {
        return switch (this) {
            case CSV -> ".csv";
            case JSONL -> ".jsonl";
            case PARQUET -> ".parquet";
        };
    }

    /** Whether parts of it, one after the other, are one table. */
    public boolean isText() {
        return this != PARQUET;
    }
}
