package io.treegrad.network;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A float array that Java serialization moves as one block of little-endian bytes, rather than number by number. The
 * bytes are made once, however often the object is sent, so the values must not change between the first and the last
 * time.
 */
public final class FloatArray implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int FIRST_BLOCK = 1 << 20;

    private transient float[] values;
    private transient byte[] encoded;

    /** Holds the array itself, not a copy. */
    public FloatArray(float[] values) {
        this.values = values;
    }

    public float[] values() {
        return values;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        byte[] bytes = encoded();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private synchronized byte[] encoded() {
        if (encoded == null) {
            encoded = new byte[Math.multiplyExact(values.length, Float.BYTES)];
            ByteBuffer.wrap(encoded)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(values);
        }
        return encoded;
    }

    private void readObject(ObjectInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length % Float.BYTES != 0) {
            throw new InvalidObjectException(length + " bytes of floats: expected a multiple of four");
        }
        // a message may promise more than it holds: memory is taken as the bytes arrive
        byte[] bytes = new byte[Math.min(length, FIRST_BLOCK)];
        in.readFully(bytes);
        while (bytes.length < length) {
            int read = bytes.length;
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * read));
            in.readFully(bytes, read, bytes.length - read);
        }
        values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    }
}
