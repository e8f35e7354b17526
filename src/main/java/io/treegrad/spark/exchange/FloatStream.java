package io.treegrad.spark.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.util.AbstractFileRegion;

/**
 * Floats as the bytes of a stream: little-endian, and a CRC-32C of these at the end, for a network delivers a wrong bit now and
 * then, and one would change all that follows.
 *
 * <p>The connection's thread makes bytes of them piece by piece, as it sends them. So the first are on their way while the last
 * are still floats, a piece stays in the cache of a core, and nothing is as large as the parameters, except with TLS, which takes
 * all bytes at once. Nobody may change the floats before the receiver has answered.
 */
final class FloatStream extends ManagedBuffer {
    private static final int PIECE_BYTES = 1 << 17;
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private final float[] floats;
    private final int from;
    private final int to;

    /** Of the floats {@code from} to {@code to}. */
    FloatStream(float[] floats, int from, int to) {
        this.floats = floats;
        this.from = from;
        this.to = to;
    }

    /**
     * Begins to send the floats.
     *
     * @param header precedes them
     * @param whenBroken called if the receiver refuses them or cannot be reached
     */
    void send(StreamHeader header, TransportClient receiver, Consumer<Throwable> whenBroken) {
        receiver.uploadStream(new NioManagedBuffer(header.encode()), this, new RpcResponseCallback() {
            @Override
            public void onSuccess(ByteBuffer nothing) {}

            @Override
            public void onFailure(Throwable failure) {
                whenBroken.accept(failure);
            }
        });
    }

    /** The stream on its way. */
    private final class Region extends AbstractFileRegion {
        private final ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(PIECE_BYTES);
        /** Bytes that were made, but are not sent. */
        private final ByteBuffer piece =
                memory.nioBuffer(0, PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

        private final CRC32C checksum = new CRC32C();
        /** The first float that no bytes were made of. */
        private int next = from;

        private long sent;

        @Override
        public long position() {
            return 0;
        }

        @Override
        public long count() {
            return size();
        }

        @Override
        public long transferred() {
            return sent;
        }

        @Override
        public long transferTo(WritableByteChannel target, long position) throws IOException {
            if (!piece.hasRemaining() && sent < size()) {
                make();
            }
            int written = target.write(piece);
            sent += written;
            return written;
        }

        private void make() {
            piece.clear();
            int count = Math.min(to - next, PIECE_BYTES / Float.BYTES);
            piece.asFloatBuffer().put(floats, next, count);
            next += count;
            piece.limit(count * Float.BYTES);
            checksum.update(piece.duplicate());
            if (next == to && piece.limit() + CHECKSUM_BYTES <= PIECE_BYTES) {
                int end = piece.limit();
                piece.limit(end + CHECKSUM_BYTES).putInt(end, (int) checksum.getValue());
            }
        }

        @Override
        protected void deallocate() {
            memory.release();
        }
    }

    @Override
    public long size() {
        return (to - (long) from) * Float.BYTES + CHECKSUM_BYTES;
    }

    @Override
    public Object convertToNetty() {
        return new Region();
    }

    @Override
    public Object convertToNettyForSsl() {
        return Unpooled.wrappedBuffer(nioByteBuffer());
    }

    @Override
    public ByteBuffer nioByteBuffer() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size())).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(floats, from, to - from);
        int end = bytes.limit() - CHECKSUM_BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.array(), 0, end);
        return bytes.putInt(end, (int) checksum.getValue());
    }

    @Override
    public InputStream createInputStream() {
        return new ByteArrayInputStream(nioByteBuffer().array());
    }

    /** The array is the garbage collector's. */
    @Override
    public ManagedBuffer retain() {
        return this;
    }

    @Override
    public ManagedBuffer release() {
        return this;
    }
}
