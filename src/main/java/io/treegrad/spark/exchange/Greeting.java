package io.treegrad.spark.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the driver or an executor says to an executor before it sends anything else.
 *
 * @param group key of the worker group that the connection is for
 * @param from rank of the executor that connects, or {@link #DRIVER}
 * @param to rank of the executor that is greeted
 * @param addresses from the driver: where the executors of the group listen, by rank, if they are to connect to each other;
 *     else none
 */
record Greeting(String group, int from, int to, List<String> addresses) {
    static final int DRIVER = -1;

    private static final int FIXED_LINES = 3;

    ByteBuffer encode() {
        String text = group + "\n" + from + "\n" + to + "\n" + String.join("\n", addresses);
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalArgumentException if it is none */
    static Greeting decode(ByteBuffer bytes) {
        List<String> lines =
                StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        if (lines.size() < FIXED_LINES) {
            throw new IllegalArgumentException("a greeting of " + lines.size() + " lines");
        }
        return new Greeting(
                lines.get(0),
                Integer.parseInt(lines.get(1)),
                Integer.parseInt(lines.get(2)),
                lines.subList(FIXED_LINES, lines.size()));
    }
}
