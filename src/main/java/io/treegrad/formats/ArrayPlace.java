package io.treegrad.formats;

import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.Serializable;

/** Where an array is. A small value that is sent to tasks. */
interface ArrayPlace extends Serializable {
    /** Its name in messages. */
    String path();

    /** The file that it is in. */
    default String file() {
        return path();
    }

    /** Whether labels may be in the first of several columns, as those of QMNIST are. */
    default boolean mayHaveLabelsFirst() {
        return false;
    }

    ArrayFile open(Storage storage) throws IOException;
}
