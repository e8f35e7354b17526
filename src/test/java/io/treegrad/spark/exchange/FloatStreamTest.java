package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FloatStreamTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** Takes as much at once as a socket may. */
    private final class Socket implements WritableByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer bytes) {
            int count = Math.min(bytes.remaining(), random.nextInt(100_000));
            for (int i = 0; i < count; i++) {
                taken.write(bytes.get());
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void bytesThatAreMadeOnTheWayAreThoseMadeAtOnce() throws IOException {
        // 32,768 floats fill a piece, 32,767 and their checksum do too
        for (int count : new int[] {0, 1, 1000, 32_766, 32_767, 32_768, 32_769, 200_001}) {
            float[] floats = new float[count + 2];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = random.nextFloat();
            }
            String message = count + " floats, seed " + seed;
            FloatStream stream = new FloatStream(floats, 1, count + 1);
            FileRegion region = (FileRegion) stream.convertToNetty();
            Socket socket = new Socket();
            while (region.transferred() < region.count()) {
                long before = region.transferred();
                assertEquals(region.transferTo(socket, before), region.transferred() - before, message);
            }
            byte[] expected = stream.nioByteBuffer().array();
            assertEquals(stream.size(), expected.length, message);
            assertArrayEquals(expected, socket.taken.toByteArray(), message);
            region.release();
            ByteBuf whole = (ByteBuf) stream.convertToNettyForSsl();
            assertEquals(ByteBuffer.wrap(expected), whole.nioBuffer(), message);
            float[] received = new float[count];
            AtomicInteger full = new AtomicInteger();
            FloatReceiver receiver = new FloatReceiver(received, 0, count, full::incrementAndGet, broken -> {});
            receiver.onData("", ByteBuffer.wrap(expected));
            receiver.onComplete("");
            assertEquals(1, full.get(), message);
            for (int i = 0; i < count; i++) {
                assertEquals(floats[i + 1], received[i], message);
            }
        }
    }
}
