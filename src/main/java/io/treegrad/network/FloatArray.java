package io.treegrad.network;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A float array that Java serialization moves as one block of little-endian bytes, rather than number by number. The
 * bytes are made once, however often the object is sent, so the values must not change between the first and the last
 * time.
 */
public final class FloatArray implements Serializable {
    private static final long serialVersionUID = 1;

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
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    }
}
