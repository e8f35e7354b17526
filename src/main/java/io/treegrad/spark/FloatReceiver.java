package io.treegrad.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.spark.network.client.StreamCallbackWithID;

/** Fills a range of an array with the little-endian floats of a stream, as its bytes arrive: no message is gathered first. */
final class FloatReceiver implements StreamCallbackWithID {
    private final float[] floats;
    private final int from;
    private final int to;
    private final int expectedChecksum;
    private final CRC32C checksum = new CRC32C();
    private final Runnable whenFull;
    private final Consumer<Throwable> whenBroken;
    /** The bytes of a float that two pieces of the stream share. */
    private final ByteBuffer split = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** The floats of the array before this one are there. */
    private int filled;

    /**
     * @param from the first float of the range
     * @param to the float after its last
     * @param checksum of the sender, CRC-32C of all bytes
     * @param whenFull called when the stream has ended and filled the range
     * @param whenBroken called when the stream broke off
     */
    FloatReceiver(float[] floats, int from, int to, int checksum, Runnable whenFull, Consumer<Throwable> whenBroken) {
        this.floats = floats;
        this.from = from;
        this.to = to;
        this.filled = from;
        this.expectedChecksum = checksum;
        this.whenFull = whenFull;
        this.whenBroken = whenBroken;
    }

    @Override
    public void onData(String stream, ByteBuffer piece) throws IOException {
        long left = (to - (long) filled) * Float.BYTES - split.position();
        if (piece.remaining() > left) {
            throw new IOException("a stream of more than the " + (to - from) + " floats that were expected");
        }
        checksum.update(piece.duplicate());
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
        if (filled < to) {
            throw new IOException("a stream of " + (filled - from) + " floats, expected " + (to - from));
        }
        if ((int) checksum.getValue() != expectedChecksum) {
            throw new IOException("a stream of " + (to - from) + " floats with a wrong checksum");
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
