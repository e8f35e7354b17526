package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.network.SplitMix64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FloatReceiverTest {
    private static final float[] SENT = {1, -0f, Float.MIN_VALUE, Float.NaN, 1e30f, -7.25f, 0.1f};

    private static ByteBuffer bytes(boolean direct) {
        ByteBuffer bytes = new FloatStream(SENT, 0, SENT.length).nioByteBuffer();
        return direct ? ByteBuffer.allocateDirect(bytes.capacity()).put(bytes).flip() : bytes;
    }

    @Test
    void floatsArriveWhereverTheStreamIsCut() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int trial = 0; trial < 500; trial++) {
            float[] floats = new float[SENT.length + 2];
            AtomicInteger full = new AtomicInteger();
            FloatReceiver receiver = new FloatReceiver(floats, 1, SENT.length + 1, full::incrementAndGet, broken -> {});
            ByteBuffer all = bytes(trial % 2 == 0);
            while (all.hasRemaining()) {
                int length = Math.min(all.remaining(), random.nextInt(11));
                receiver.onData("", all.slice(all.position(), length).asReadOnlyBuffer());
                all.position(all.position() + length);
            }
            assertEquals(0, full.get());
            receiver.onComplete("");
            assertEquals(1, full.get());
            assertArrayEquals(SENT, Arrays.copyOfRange(floats, 1, SENT.length + 1), () -> "seed " + seed);
            assertEquals(0, floats[0]);
            assertEquals(0, floats[SENT.length + 1]);
        }
    }

    /** Into an array that begins with a float of others. */
    private static FloatReceiver receiver(Runnable whenFull, Consumer<Throwable> whenBroken) {
        return new FloatReceiver(new float[SENT.length + 1], 1, SENT.length + 1, whenFull, whenBroken);
    }

    @Test
    void streamsOfAnotherLengthAreRefused() throws IOException {
        for (int cut = 0; cut < bytes(false).limit(); cut++) {
            FloatReceiver receiver = receiver(() -> {}, broken -> {});
            receiver.onData("", bytes(true).limit(cut));
            IOException tooShort = assertThrows(IOException.class, () -> receiver.onComplete(""), "cut at " + cut);
            assertEquals("a stream of " + Math.min(7, cut / 4) + " floats, expected 7", tooShort.getMessage());
            receiver.onData("", bytes(true).position(cut));
            IOException tooLong = assertThrows(
                    IOException.class, () -> receiver.onData("", ByteBuffer.allocate(1)), "after a cut at " + cut);
            assertEquals("a stream of more than the 7 floats that were expected", tooLong.getMessage());
        }
    }

    @Test
    void aStreamThatBreaksOffIsTold() {
        List<Throwable> told = new ArrayList<>();
        IOException broken = new IOException("a cable");
        receiver(() -> {}, told::add).onFailure("", broken);
        assertEquals(List.of(broken), told);
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        for (int bit = 0; bit < bytes(false).limit() * Byte.SIZE; bit++) {
            AtomicInteger full = new AtomicInteger();
            FloatReceiver receiver = receiver(full::incrementAndGet, broken -> {});
            ByteBuffer flipped = bytes(false);
            flipped.put(bit / Byte.SIZE, (byte) (flipped.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));
            receiver.onData("", flipped);
            IOException wrong = assertThrows(IOException.class, () -> receiver.onComplete(""));
            assertEquals("a stream of 7 floats with a wrong checksum", wrong.getMessage());
            assertEquals(0, full.get());
        }
    }
}
