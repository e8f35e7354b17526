package io.treegrad.spark;

import io.treegrad.common.Failpoint;

/** A {@link Failpoint} of this JVM that is armed until this is closed. */
public final class ArmedFailpoint implements AutoCloseable {
    /** @param property as of {@code treegrad.failpoint} */
    public ArmedFailpoint(String property) {
        Failpoint.arm(property);
    }

    public long hits() {
        return Failpoint.hits();
    }

    @Override
    public void close() {
        Failpoint.arm(null);
    }
}
