package io.treegrad.spark.exchange;

import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.server.StreamManager;

/** Nothing can be fetched from either end of an exchange: both only send. */
final class NoStreams extends StreamManager {
    static final StreamManager INSTANCE = new NoStreams();

    private NoStreams() {}

    @Override
    public ManagedBuffer getChunk(long stream, int chunk) {
        throw new UnsupportedOperationException("nothing can be fetched here");
    }
}
