package io.treegrad.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * Our objects as plain bytes for Spark's RPC. Its threads on an executor know the classes of Spark only, not those of the
 * application's jar, so a message must be an array; it becomes an object again in code of ours.
 */
final class Message {
    /** Long arrays are floats, which take memory only as they arrive; nested collections can take hours to read. */
    private static final ObjectInputFilter OURS_ONLY =
            ObjectInputFilter.Config.createFilter("maxdepth=20;maxarray=16777216;io.treegrad.**;java.base/*;!*");

    /** Of a message without floats, or of what stands around them. */
    private static final int SMALL = 1024;

    private Message() {}

    static byte[] encode(Serializable object) {
        return encode(object, 0);
    }

    /** @param floats about as many as the object holds, so that they are not copied again and again */
    static byte[] encode(Serializable object, int floats) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(Math.addExact(SMALL, Math.multiplyExact(floats, Float.BYTES)));
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException("a message that cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The object that was encoded.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    static <T> T decode(Object message, Class<T> type) {
        if (!(message instanceof byte[] bytes)) {
            throw new IllegalArgumentException("a message that is no array of bytes was refused");
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(OURS_ONLY);
            return type.cast(in.readObject());
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new IllegalArgumentException("a message that is no " + type.getSimpleName() + " was refused", e);
        }
    }
}
