package io.treegrad.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Floats as little-endian bytes, bit for bit, through a buffer of fixed size. */
final class LittleEndianFloats {
    private static final int CHUNK = 4096;

    private LittleEndianFloats() {}

    static void write(float[] values, int from, int count, OutputStream out) throws IOException {
        byte[] bytes = buffer(count);
        FloatBuffer floats = floats(bytes);
        for (int done = 0; done < count; done += CHUNK) {
            int chunk = Math.min(CHUNK, count - done);
            floats.put(0, values, from + done, chunk);
            out.write(bytes, 0, chunk * Float.BYTES);
        }
    }

    /** Fills {@code target}; false if the stream ends before that. */
    static boolean read(InputStream in, float[] target) throws IOException {
        byte[] bytes = buffer(target.length);
        FloatBuffer floats = floats(bytes);
        for (int done = 0; done < target.length; done += CHUNK) {
            int chunk = Math.min(CHUNK, target.length - done);
            if (in.readNBytes(bytes, 0, chunk * Float.BYTES) < chunk * Float.BYTES) {
                return false;
            }
            floats.get(0, target, done, chunk);
        }
        return true;
    }

    private static byte[] buffer(int count) {
        return new byte[Math.min(CHUNK, count) * Float.BYTES];
    }

    private static FloatBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
