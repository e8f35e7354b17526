package io.treegrad.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.apache.spark.network.client.StreamCallbackWithID;

/** Fills an array with the little-endian floats of a stream, as its bytes arrive: no message is gathered first. */
final class FloatReceiver implements StreamCallbackWithID {
    private final float[] floats;
    private final Runnable whenFull;
    private final Consumer<Throwable> whenBroken;
    /** The bytes of a float that two pieces of the stream share. */
    private final ByteBuffer split = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private int filled;

    /**
     * @param whenFull called when the stream has ended and filled the array
     * @param whenBroken called when the stream broke off
     */
    FloatReceiver(float[] floats, Runnable whenFull, Consumer<Throwable> whenBroken) {
        this.floats = floats;
        this.whenFull = whenFull;
        this.whenBroken = whenBroken;
    }

    @Override
    public void onData(String stream, ByteBuffer piece) throws IOException {
        long left = (floats.length - (long) filled) * Float.BYTES - split.position();
        if (piece.remaining() > left) {
            throw new IOException("a stream of more than the " + floats.length + " floats that were expected");
        }
        piece.order(ByteOrder.LITTLE_ENDIAN);
        while (split.position() > 0 && piece.hasRemaining()) {
            takeSplit(piece);
        }
        int whole = piece.remaining() / Float.BYTES;
        piece.asFloatBuffer().get(floats, filled, whole);
        filled += whole;
        piece.position(piece.position() + whole * Float.BYTES);
        while (piece.hasRemaining()) {
            takeSplit(piece);
        }
    }

    private void takeSplit(ByteBuffer piece) {
        split.put(piece.get());
        if (!split.hasRemaining()) {
            floats[filled++] = split.getFloat(0);
            split.clear();
        }
    }

    @Override
    public void onComplete(String stream) throws IOException {
        if (filled < floats.length) {
            throw new IOException("a stream of " + filled + " floats, expected " + floats.length);
        }
        whenFull.run();
    }

    @Override
    public void onFailure(String stream, Throwable cause) {
        whenBroken.accept(cause);
    }

    @Override
    public String getID() {
        return "floats";
    }
}
