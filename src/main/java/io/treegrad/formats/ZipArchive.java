package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A zip archive, as commons-compress reads it: by the directory at its end, so that an entry is found without unpacking
 * those before it, and needs no length before it. Nothing is unpacked to disk.
 */
final class ZipArchive implements AutoCloseable {
    private static final int MOST_ENTRIES = 1000;
    /** Those of NumPy; the library knows others, whose streams report damage in ways of their own. */
    private static final Set<Integer> METHODS = Set.of(ZipEntry.STORED, ZipEntry.DEFLATED);

    private final String path;
    private final SeekableFile file;
    private final ZipFile zip;

    /** @throws UserError BAD_DATA if it is damaged */
    ZipArchive(Storage storage, String path) throws IOException {
        this.path = path;
        file = new SeekableFile(storage, path);
        try {
            zip = ZipFile.builder()
                    .setSeekableByteChannel(new Channel(file, storage.length(path)))
                    .setIgnoreLocalFileHeader(true)
                    .get();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw damageOr(e);
        }
    }

    /** Names of the entries, as far as anybody looks at them. */
    List<String> names() {
        return Collections.list(zip.getEntries()).stream()
                .limit(MOST_ENTRIES)
                .map(ZipArchiveEntry::getName)
                .toList();
    }

    /**
     * The content of an entry; empty if there is none of this name. Closing it closes the archive. At its end the checksum
     * is looked at.
     */
    Optional<InputStream> open(String name) throws IOException {
        ZipArchiveEntry entry = zip.getEntry(name);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            if (!METHODS.contains(entry.getMethod())) {
                throw new ZipException(name + " is compressed by method " + entry.getMethod());
            }
            return Optional.of(new Content(zip.getInputStream(entry), entry.getCrc()));
        } catch (IOException | RuntimeException e) {
            throw damageOr(e);
        }
    }

    /** The failure of storage, if it failed; else the archive is to blame. */
    private IOException damageOr(Exception failure) {
        return file.failure().orElseThrow(() -> {
            String reason = String.valueOf(failure.getMessage()).replaceFirst("\\.$", "");
            return new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ": the archive is damaged (" + reason + "), expected a whole one; get it again.",
                    failure);
        });
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private final class Content extends CheckedInputStream {
        private final long expected;

        Content(InputStream in, long expected) {
            super(in, new CRC32());
            this.expected = expected;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            checkAt(value);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            checkAt(count);
            return count;
        }

        private void checkAt(int end) throws IOException {
            if (end < 0 && getChecksum().getValue() != expected) {
                throw new ZipException("the checksum is wrong");
            }
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                zip.close();
            }
        }
    }

    /** Keeps the end of the file in memory: the directory is looked for there byte by byte, backwards. */
    private static final class Channel implements SeekableByteChannel {
        /** A comment may stand behind the directory, which is short where entries are few. */
        private static final int TAIL_BYTES = 1 << 17;

        private final SeekableFile file;
        private final long size;
        private final long startOfTail;
        private byte[] tail;
        private long position;
        private boolean isClosed;

        Channel(SeekableFile file, long size) {
            this.file = file;
            this.size = size;
            this.startOfTail = Math.max(0, size - TAIL_BYTES);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = (int) Math.min(target.remaining(), size - position);
            if (count <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            if (position >= startOfTail) {
                if (tail == null) {
                    file.seek(startOfTail);
                    tail = file.readNBytes(TAIL_BYTES);
                }
                int from = (int) (position - startOfTail);
                count = Math.min(count, tail.length - from);
                target.put(tail, from, Math.max(0, count));
            } else {
                byte[] bytes = new byte[count];
                file.seek(position);
                count = file.read(bytes, 0, count);
                target.put(bytes, 0, Math.max(0, count));
            }
            position += Math.max(0, count);
            return count > 0 ? count : -1;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public SeekableByteChannel position(long target) {
            position = target;
            return this;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public boolean isOpen() {
            return !isClosed;
        }

        @Override
        public void close() throws IOException {
            isClosed = true;
            file.close();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long target) {
            throw new NonWritableChannelException();
        }
    }
}
