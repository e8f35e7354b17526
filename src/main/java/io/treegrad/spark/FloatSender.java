package io.treegrad.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;

/**
 * Sends floats as streams out of one direct buffer, which is written once however many receivers there are, and used again
 * for the next floats: whoever sends them must know that those before have arrived.
 */
final class FloatSender {
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    void write(float[] floats) {
        int length = Math.multiplyExact(floats.length, Float.BYTES);
        if (bytes.capacity() < length) {
            bytes = ByteBuffer.allocateDirect(length);
        }
        bytes.clear().limit(length);
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats);
    }

    /**
     * Sends what was written last.
     *
     * @param header precedes it
     * @param whenBroken called if the receiver refuses it or cannot be reached
     */
    void send(ByteBuffer header, TransportClient receiver, Consumer<Throwable> whenBroken) {
        receiver.uploadStream(
                new NioManagedBuffer(header), new NioManagedBuffer(bytes.duplicate()), new RpcResponseCallback() {
                    @Override
                    public void onSuccess(ByteBuffer nothing) {}

                    @Override
                    public void onFailure(Throwable failure) {
                        whenBroken.accept(failure);
                    }
                });
    }
}
