package io.treegrad.data;

import java.util.Locale;

/** How rows are written in files. */
public enum DataFormat {
    IDX,
    NPZ,
    LIBSVM,
    PARQUET,
    /** PNG or JPEG. */
    IMAGES,
    CSV;

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its rows say which field is which, so that a label is looked for. */
    public boolean isTable() {
        return this == CSV || this == PARQUET;
    }
}
