package io.treegrad.data;

import io.treegrad.network.Batch;
import java.io.Closeable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Rows of bytes or of floats in a file of this process, for data that is larger than memory: a row is read when it is asked
 * for, most often from the system's cache of files. Of each row only its place is in memory. Rows of a step lie anywhere in
 * the file, so none are read ahead.
 *
 * <p>For several threads, one at a time.
 */
public final class RowsOnDisk implements Rows {
    private static final long serialVersionUID = 1;

    /** Rows are collected to this size before they are written. */
    private static final int WRITTEN_BYTES = 1 << 20;

    /** Names a new file on a local disk, wherever it is called. */
    public interface Scratch extends Serializable {
        Path newFile() throws IOException;
    }

    /** Takes rows piece by piece. Each method throws an {@link UncheckedIOException} if the disk fails. */
    public static final class Builder implements Closeable {
        private final Scratch scratch;
        private final ScratchFile file;
        private final long[] starts;
        private ByteBuffer collected = ByteBuffer.allocate(WRITTEN_BYTES);
        private int rows;
        private Rows one;
        private boolean isBuilt;

        /** @param count of all rows */
        public Builder(Scratch scratch, int count) {
            this.scratch = scratch;
            try {
                this.file = new ScratchFile(scratch.newFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.starts = new long[count + 1];
        }

        /** Adds the next rows, at least one, of the same kind and features as those before. */
        public Builder add(Rows piece) {
            if (one == null) {
                one = piece.select(new int[] {0});
            }
            for (int row = 0; row < piece.count(); row++) {
                int bytes = piece.storedBytes(row);
                if (bytes > collected.remaining()) {
                    flush();
                }
                if (bytes > collected.capacity()) {
                    collected = ByteBuffer.allocate(bytes);
                }
                piece.store(row, collected);
                rows++;
                starts[rows] = starts[rows - 1] + bytes;
            }
            return this;
        }

        private void flush() {
            try {
                file.append(collected.array(), collected.position());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            collected.clear();
        }

        public RowsOnDisk build() {
            if (rows != starts.length - 1) {
                throw new IllegalStateException(rows + " rows were added, expected " + (starts.length - 1) + ".");
            }
            flush();
            isBuilt = true;
            return new RowsOnDisk(scratch, file, starts, one);
        }

        /** Gives the space on the disk back if nothing was built. */
        @Override
        public void close() throws IOException {
            if (!isBuilt) {
                file.close();
            }
        }
    }

    private final Scratch scratch;
    private transient ScratchFile file;
    /** Where each row begins in the file, and where the last one ends.   [rows + 1] */
    private final long[] starts;
    /** A single row in memory: the one that was read last, number {@link #current}, or any. */
    private Rows one;

    private transient int current = -1;
    private transient byte[] stored = {};

    private RowsOnDisk(Scratch scratch, ScratchFile file, long[] starts, Rows one) {
        this.scratch = scratch;
        this.file = file;
        this.starts = starts;
        this.one = one;
    }

    /** A row as the only one. */
    private Rows at(int row) {
        if (row != current) {
            int bytes = storedBytes(row);
            if (stored.length < bytes) {
                stored = Arrays.copyOf(stored, bytes);
            }
            try {
                file.read(starts[row], stored, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            one = one.restored(ByteBuffer.wrap(stored, 0, bytes));
            current = row;
        }
        return one;
    }

    @Override
    public int count() {
        return starts.length - 1;
    }

    @Override
    public synchronized int features() {
        return one.features();
    }

    @Override
    public synchronized boolean areBytes() {
        return one.areBytes();
    }

    @Override
    public synchronized boolean areWeighted() {
        return one.areWeighted();
    }

    /** In memory: of the places of rows. */
    @Override
    public long bytes() {
        return starts.length * (long) Long.BYTES;
    }

    @Override
    public synchronized float target(int row) {
        return at(row).target(0);
    }

    @Override
    public synchronized float weight(int row) {
        return at(row).weight(0);
    }

    @Override
    public synchronized float value(int row, int feature) {
        return at(row).value(0, feature);
    }

    @Override
    public synchronized int nonZero(int row, int[] nonZeroFeatures, float[] nonZeroValues) {
        return at(row).nonZero(0, nonZeroFeatures, nonZeroValues);
    }

    /** In memory. */
    @Override
    public synchronized Rows select(int[] positions) {
        return positions.length == 0
                ? one.select(positions)
                : Rows.join(Arrays.stream(positions).mapToObj(this::at).toList());
    }

    @Override
    public synchronized long valuesHash(int row) {
        return at(row).valuesHash(0);
    }

    @Override
    public synchronized void scaleInto(int row, Scaling scaling, float[] target, int at) {
        at(row).scaleInto(0, scaling, target, at);
    }

    @Override
    public synchronized Batch newBatch(int capacity) {
        return one.newBatch(capacity);
    }

    @Override
    public synchronized void addTo(Batch batch, int row, Scaling scaling) {
        at(row).addTo(batch, 0, scaling);
    }

    @Override
    public int storedBytes(int row) {
        return Math.toIntExact(starts[row + 1] - starts[row]);
    }

    @Override
    public synchronized void store(int row, ByteBuffer target) {
        at(row);
        target.put(stored, 0, storedBytes(row));
    }

    @Override
    public synchronized Rows restored(ByteBuffer row) {
        return one.restored(row);
    }

    private synchronized void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        for (int row = 0; row < count(); row++) {
            at(row);
            out.write(stored, 0, storedBytes(row));
        }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        current = -1;
        stored = new byte[WRITTEN_BYTES];
        file = new ScratchFile(scratch.newFile());
        for (long left = starts[count()]; left > 0; ) {
            int count = (int) Math.min(stored.length, left);
            in.readFully(stored, 0, count);
            file.append(stored, count);
            left -= count;
        }
    }
}
