package io.treegrad.common;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Named places in the code where a test can make a process fail. The system property {@code treegrad.failpoint} is
 * {@code NAME:NUMBER:ACTION} or {@code NAME:NUMBER:ACTION:TIMES}. It acts the first time, or the first TIMES times,
 * that this JVM reaches place NAME with that number (a step). ACTION {@code throw} throws, {@code halt} ends the JVM
 * without any clean-up, {@code hang} sleeps, and {@code exhaust} asks for 16 GiB of memory. Static because Spark creates the tasks that reach these places.
 */
public final class Failpoint {
    private static volatile Failpoint armed = parse(System.getProperty("treegrad.failpoint"));

    private final String name;
    private final long number;
    private final String action;
    private final long times;
    private final AtomicLong reached = new AtomicLong();

    private Failpoint(String name, long number, String action, long times) {
        this.name = name;
        this.number = number;
        this.action = action;
        this.times = times;
    }

    private static Failpoint parse(String property) {
        if (property == null || property.isEmpty()) {
            return null;
        }
        String[] parts = property.split(":", -1);
        if (parts.length < 3 || parts.length > 4) {
            throw new IllegalArgumentException(
                    "treegrad.failpoint=" + property + ": expected NAME:NUMBER:ACTION[:TIMES]");
        }
        return new Failpoint(
                parts[0], Long.parseLong(parts[1]), parts[2], parts.length == 3 ? 1 : Long.parseLong(parts[3]));
    }

    /** Arms this JVM; null disarms. */
    static void arm(String property) {
        armed = parse(property);
    }

    /** How often the armed place was reached with its number. */
    static long hits() {
        Failpoint point = armed;
        return point == null ? 0 : point.reached.get();
    }

    public static void reach(String name, long number) {
        Failpoint point = armed;
        if (point != null
                && point.name.equals(name)
                && point.number == number
                && point.reached.getAndIncrement() < point.times) {
            point.act();
        }
    }

    private void act() {
        switch (action) {
            case "throw" -> throw new IllegalStateException("failpoint " + name + " at " + number);
            case "halt" -> Runtime.getRuntime().halt(42);
            case "hang" -> {
                System.err.println("failpoint " + name + " hangs");
                hang();
            }
            case "exhaust" -> throw new IllegalStateException("allocated " + new long[Integer.MAX_VALUE - 8].length);
            default ->
                throw new IllegalArgumentException(
                        "failpoint action " + action + ": expected throw, halt, hang or exhaust");
        }
    }

    private static void hang() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("failpoint was interrupted", e);
        }
    }
}
