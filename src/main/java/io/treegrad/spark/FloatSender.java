package io.treegrad.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;

/**
 * Sends floats as streams out of one direct buffer, which is written once however many receivers there are, and used again
 * for the next floats: whoever sends them must know that those before have arrived.
 */
final class FloatSender {
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    /** Takes the floats {@code from} to {@code to}. */
    void write(float[] floats, int from, int to) {
        int length = Math.multiplyExact(to - from, Float.BYTES);
        if (bytes.capacity() < length) {
            bytes = ByteBuffer.allocateDirect(length);
        }
        bytes.clear().limit(length);
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats, from, to - from);
    }

    /** CRC-32C of the floats {@code from} to {@code to} of those that were written. */
    int checksum(int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(slice(from, to));
        return (int) checksum.getValue();
    }

    private ByteBuffer slice(int from, int to) {
        return bytes.slice(from * Float.BYTES, (to - from) * Float.BYTES);
    }

    /**
     * Sends the floats {@code from} to {@code to} of those that were written.
     *
     * @param header precedes them
     * @param whenBroken called if the receiver refuses them or cannot be reached
     */
    void send(StreamHeader header, TransportClient receiver, int from, int to, Consumer<Throwable> whenBroken) {
        receiver.uploadStream(
                new NioManagedBuffer(header.encode()),
                new NioManagedBuffer(slice(from, to)),
                new RpcResponseCallback() {
                    @Override
                    public void onSuccess(ByteBuffer nothing) {}

                    @Override
                    public void onFailure(Throwable failure) {
                        whenBroken.accept(failure);
                    }
                });
    }
}
