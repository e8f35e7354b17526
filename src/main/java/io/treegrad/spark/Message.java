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
    private static final ObjectInputFilter OURS_ONLY =
            ObjectInputFilter.Config.createFilter("io.treegrad.**;java.base/*;!*");

    private Message() {}

    static byte[] encode(Serializable object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
