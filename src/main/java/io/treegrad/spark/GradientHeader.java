package io.treegrad.spark;

import io.treegrad.network.GradientSum;
import java.nio.ByteBuffer;

/**
 * Precedes the gradient of one node of the tree of shards on its way from an executor to the driver.
 *
 * @param number of the request that it answers
 * @param nodes that the answer has in all
 * @param firstLeaf of this node
 * @param level of this node
 */
record GradientHeader(long number, int nodes, int firstLeaf, int level, double lossSum, long correct, long rows) {
    private static final int BYTES = 4 * Long.BYTES + 3 * Integer.BYTES;

    static GradientHeader of(long number, int nodes, int firstLeaf, int level, GradientSum sum) {
        return new GradientHeader(number, nodes, firstLeaf, level, sum.lossSum(), sum.correct(), sum.rows());
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(number)
                .putInt(nodes)
                .putInt(firstLeaf)
                .putInt(level)
                .putDouble(lossSum)
                .putLong(correct)
                .putLong(rows)
                .flip();
    }

    /** @throws IllegalArgumentException if it is of another length */
    static GradientHeader decode(ByteBuffer bytes) {
        if (bytes.remaining() != BYTES) {
            throw new IllegalArgumentException(
                    "a header of " + bytes.remaining() + " bytes before a gradient, expected " + BYTES);
        }
        return new GradientHeader(
                bytes.getLong(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getDouble(),
                bytes.getLong(),
                bytes.getLong());
    }
}
