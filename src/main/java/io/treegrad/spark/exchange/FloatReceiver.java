package io.treegrad.spark.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.spark.network.client.StreamCallbackWithID;

/** Fills a range of an array with the floats of a {@link FloatStream}, as its bytes arrive: no message is gathered first. */
final class FloatReceiver implements StreamCallbackWithID {
    private final float[] floats;
    private final int from;
    private final int to;
    private final CRC32C checksum = new CRC32C();
    private final Runnable whenFull;
    private final Consumer<Throwable> whenBroken;
    /** The bytes of a float that two pieces of the stream share, and at last those of the sender's checksum. */
    private final ByteBuffer split = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** The floats of the array before this one are there. */
    private int filled;

    private boolean isEnded;
    private boolean isRight;

    /**
     * @param from the first float of the range
     * @param to the float after its last
     * @param whenFull called when the stream has ended and filled the range
     * @param whenBroken called when the stream broke off
     */
    FloatReceiver(float[] floats, int from, int to, Runnable whenFull, Consumer<Throwable> whenBroken) {
        this.floats = floats;
        this.from = from;
        this.to = to;
        this.filled = from;
        this.whenFull = whenFull;
        this.whenBroken = whenBroken;
    }

    @Override
    public void onData(String stream, ByteBuffer piece) throws IOException {
        piece.order(ByteOrder.LITTLE_ENDIAN);
        while (piece.hasRemaining()) {
            int whole = Math.min(piece.remaining() / Float.BYTES, to - filled);
            if (split.position() > 0 || whole == 0) {
                takeSplit(piece.get());
            } else {
                ByteBuffer bytes = piece.slice(piece.position(), whole * Float.BYTES);
                checksum.update(bytes.duplicate());
                bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats, filled, whole);
                filled += whole;
                piece.position(piece.position() + whole * Float.BYTES);
            }
        }
    }

    private void takeSplit(byte next) throws IOException {
        if (isEnded) {
            throw new IOException("a stream of more than the " + (to - from) + " floats that were expected");
        }
        split.put(next);
        if (split.hasRemaining()) {
            return;
        }
        split.clear();
        if (filled < to) {
            checksum.update(split.array());
            floats[filled++] = split.getFloat(0);
        } else {
            isEnded = true;
            isRight = split.getInt(0) == (int) checksum.getValue();
        }
    }

    @Override
    public void onComplete(String stream) throws IOException {
        if (!isEnded) {
            throw new IOException("a stream of " + (filled - from) + " floats, expected " + (to - from));
        }
        if (!isRight) {
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
