package io.treegrad.spark.exchange;

import io.treegrad.network.Counts;
import java.nio.ByteBuffer;

/** Precedes the floats of a stream, whoever sends them to whom, and says what they are. */
sealed interface StreamHeader {
    /** Of the request that the floats belong to. */
    long number();

    /** Which slice of the vector the floats are. */
    int slice();

    ByteBuffer encode();

    /** @throws IllegalArgumentException if it is none */
    static StreamHeader decode(ByteBuffer bytes) {
        if (bytes.remaining() == Parameters.BYTES) {
            return new Parameters(
                    bytes.getLong(), bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getLong());
        }
        if (bytes.remaining() == Node.BYTES) {
            return new Node(
                    bytes.getLong(),
                    bytes.getInt(),
                    bytes.getInt(),
                    bytes.getInt(),
                    bytes.getInt(),
                    new Counts(
                            bytes.getDouble(),
                            bytes.getDouble(),
                            bytes.getDouble(),
                            bytes.getDouble(),
                            bytes.getLong()),
                    bytes.getLong());
        }
        throw new IllegalArgumentException("no header of a stream has " + bytes.remaining() + " bytes");
    }

    /**
     * A slice of the parameters of a request.
     *
     * @param slices that they come in
     * @param kind of the request
     * @param shards of the part that it evaluates
     * @param what the step or the part that it is about
     */
    record Parameters(long number, int slice, int slices, int kind, int shards, long what) implements StreamHeader {
        private static final int BYTES = 2 * Long.BYTES + 4 * Integer.BYTES;

        @Override
        public ByteBuffer encode() {
            return ByteBuffer.allocate(BYTES)
                    .putLong(number)
                    .putInt(slice)
                    .putInt(slices)
                    .putInt(kind)
                    .putInt(shards)
                    .putLong(what)
                    .flip();
        }
    }

    /**
     * A slice of the gradient of one node of the tree of shards.
     *
     * @param nodes that the answer has in all
     * @param firstLeaf of this node
     * @param level of this node
     * @param computeNanos as {@link Answer#computeNanos}
     */
    record Node(long number, int slice, int nodes, int firstLeaf, int level, Counts counts, long computeNanos)
            implements StreamHeader {
        private static final int BYTES = 3 * Long.BYTES + 4 * Double.BYTES + 4 * Integer.BYTES;

        @Override
        public ByteBuffer encode() {
            return ByteBuffer.allocate(BYTES)
                    .putLong(number)
                    .putInt(slice)
                    .putInt(nodes)
                    .putInt(firstLeaf)
                    .putInt(level)
                    .putDouble(counts.lossSum())
                    .putDouble(counts.lossWeight())
                    .putDouble(counts.correct())
                    .putDouble(counts.classified())
                    .putLong(counts.rows())
                    .putLong(computeNanos)
                    .flip();
        }
    }
}
