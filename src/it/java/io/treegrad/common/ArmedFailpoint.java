package io.treegrad.common;

/** A {@link Failpoint} of this JVM that is armed until this is closed. */
public final class ArmedFailpoint implements AutoCloseable {
    /** @param property as of {@code treegrad.failpoint} */
    public ArmedFailpoint(String property) {
        arm(property);
    }

    /** Arms this JVM, such as that of a task, until it is armed otherwise; null disarms it. */
    public static void arm(String property) {
        Failpoint.arm(property);
    }

    /** How often the place was reached with its number. */
    public long hits() {
        return Failpoint.hits();
    }

    @Override
    public void close() {
        Failpoint.arm(null);
    }
}
