package io.treegrad.spark.exchange;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Our objects as arrays for Spark's RPC. Its threads on an executor know the classes of Spark only, not those of the
 * application's jar, so a message is made of arrays; it becomes an object again in code of ours.
 *
 * <p>A message is {@code {byte[], float[], float[], …}}: the object, and beside it the float arrays that it refers to.
 * Spark writes these from where they are and reads them into where they stay: nothing here copies them.
 */
public final class Message {
    /** Counts of an evaluation are the longest array in the bytes; nested collections can take hours to read. */
    private static final ObjectInputFilter OURS_ONLY =
            ObjectInputFilter.Config.createFilter("maxdepth=20;maxarray=16777216;io.treegrad.**;java.base/*;!*");

    /** Stands for a float array in the bytes. */
    private record Enclosed(int part) implements Serializable {}

    private Message() {}

    /** Holds the float arrays themselves: they must not change before the message has been sent. */
    public static Object[] encode(Serializable object) {
        List<Object> parts = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        parts.add(bytes);
        try (ObjectOutputStream out = new Writer(bytes, parts)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException("a message that cannot be written", e);
        }
        parts.set(0, bytes.toByteArray());
        return parts.toArray();
    }

    /**
     * The object that was encoded.
     *
     * @throws IllegalArgumentException if the message is anything else
     */
    public static <T> T decode(Object message, Class<T> type) {
        if (!(message instanceof Object[] parts && parts.length > 0 && parts[0] instanceof byte[] bytes)) {
            throw new IllegalArgumentException("a message that is not made of arrays was refused");
        }
        try (ObjectInputStream in = new Reader(bytes, parts)) {
            return type.cast(in.readObject());
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new IllegalArgumentException("a message that is no " + type.getSimpleName() + " was refused", e);
        }
    }

    private static final class Writer extends ObjectOutputStream {
        private final List<Object> parts;

        Writer(OutputStream out, List<Object> parts) throws IOException {
            super(out);
            this.parts = parts;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object instanceof float[]) {
                parts.add(object);
                return new Enclosed(parts.size() - 1);
            }
            return object;
        }
    }

    private static final class Reader extends ObjectInputStream {
        private final Object[] parts;

        Reader(byte[] bytes, Object[] parts) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.parts = parts;
            setObjectInputFilter(OURS_ONLY);
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) throws InvalidObjectException {
            if (!(object instanceof Enclosed enclosed)) {
                return object;
            }
            if (enclosed.part() < 1
                    || enclosed.part() >= parts.length
                    || !(parts[enclosed.part()] instanceof float[] floats)) {
                throw new InvalidObjectException("no floats at " + enclosed.part() + " of " + parts.length);
            }
            return floats;
        }
    }
}
