package io.treegrad.storage;

import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A lock for one process at a time. It is a file that is created only if it does not exist, and that its owner touches
 * regularly. Another process may take the lock over when the file has not been touched for the lifetime of a lock, or
 * at once when the owner was a process on this machine that has ended. Ages are measured only by the clock of the
 * storage.
 *
 * <p>Local disks and HDFS create a file for one process only. Object stores that cannot do this get best effort: the
 * owner checks that it still has the lock before each change that others see.
 */
public final class Lock implements AutoCloseable {
    private static final RedactedLog LOG = RedactedLog.of(Lock.class);

    private static final long SECONDS_FOR_A_BEAT = 10;
    private static final int MOST_BYTES = 1 << 14;

    private final HadoopStorage storage;
    private final String path;
    private final byte[] bytes;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread heartbeat;

    /**
     * The content of the file, one value a line.
     *
     * @param token new each time that the lock is taken
     * @param owner name of the owner, for people
     * @param machine host and process namespace, within which process numbers are unique
     * @param started start time of the process, since process numbers are reused
     */
    record Content(String token, String owner, String machine, long process, String started) {
        static Content of(String owner) {
            ProcessHandle self = ProcessHandle.current();
            return new Content(UUID.randomUUID().toString(), owner, thisMachine(), self.pid(), started(self));
        }

        byte[] toBytes() {
            return String.join("\n", token, owner, machine, Long.toString(process), started, "")
                    .getBytes(StandardCharsets.UTF_8);
        }

        /** The owner of a file that is damaged or still being written is unknown. */
        static Content parse(byte[] bytes) {
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
            if (lines.length != 6 || !lines[3].matches("\\d{1,18}")) {
                return new Content("", "an unknown process", "", 0, "");
            }
            return new Content(lines[0], lines[1], lines[2], Long.parseLong(lines[3]), lines[4]);
        }

        boolean isDead() {
            return machine.equals(thisMachine())
                    && ProcessHandle.of(process)
                            .filter(found -> found.isAlive() && started(found).equals(started))
                            .isEmpty();
        }

        private static String started(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toString).orElse("");
        }

        /** Containers may have the same host name, but then they have different process namespaces. */
        private static String thisMachine() {
            String namespace;
            try {
                namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            } catch (IOException | UnsupportedOperationException e) {
                namespace = "";
            }
            try {
                return InetAddress.getLocalHost().getHostName() + " " + namespace;
            } catch (IOException e) {
                return "localhost " + namespace;
            }
        }

        @Override
        public String toString() {
            return process == 0 ? owner : "%s (process %d on %s)".formatted(owner, process, machine.split(" ", 2)[0]);
        }
    }

    private Lock(HadoopStorage storage, String path, byte[] bytes, Duration life) {
        this.storage = storage;
        this.path = path;
        this.bytes = bytes;
        this.heartbeat = new Thread(() -> beat(life.toMillis() / 4), "heartbeat of " + Redaction.redact(path));
        heartbeat.setDaemon(true);
        heartbeat.start();
    }

    /**
     * @param life how long the lock stays valid after the file was last touched
     * @throws UserError TRY_AGAIN with the owner's name if another process has the lock
     */
    static Lock take(HadoopStorage storage, String path, String owner, Duration life) {
        byte[] bytes = Content.of(owner).toBytes();
        try {
            if (storage.at(path).create(bytes)
                    || (removeStale(storage, path, life) && storage.at(path).create(bytes))) {
                return new Lock(storage, path, bytes, life);
            }
            throw held(path, ownerAt(storage, path));
        } catch (FileNotFoundException e) {
            throw held(path, Content.parse(new byte[0])); // released between our two attempts: the next run gets it
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    private static UserError held(String path, Content owner) {
        return new UserError(
                UserError.Kind.TRY_AGAIN,
                "%s is held by %s: expected one run at a time. Run again when it is done.".formatted(path, owner));
    }

    private static boolean removeStale(HadoopStorage storage, String path, Duration life) throws IOException {
        Content owner = ownerAt(storage, path);
        if (!owner.isDead() && age(storage, path).compareTo(life) < 0) {
            return false;
        }
        // moved to a unique name first: if two processes find it stale, the slower must not remove the lock of the
        // faster
        String aside = path + ".stale-" + UUID.randomUUID();
        if (!storage.at(path).rename(aside.substring(aside.lastIndexOf('/') + 1))) {
            return false;
        }
        Content moved = ownerAt(storage, aside);
        if (!moved.equals(owner)) {
            storage.at(path).create(moved.toBytes());
            storage.at(aside).delete();
            return false;
        }
        storage.at(aside).delete();
        LOG.warn("{} was left behind by {}: taking it over.", path, owner);
        return true;
    }

    private static Duration age(HadoopStorage storage, String path) throws IOException {
        return Duration.ofMillis(now(storage, path) - storage.at(path).modified());
    }

    /** The time now by the clock of the storage: the modification time of a file that is written now. */
    private static long now(HadoopStorage storage, String path) throws IOException {
        String probe = path + ".probe-" + UUID.randomUUID();
        try {
            storage.at(probe).write(out -> out.write(1));
            return storage.at(probe).modified();
        } finally {
            storage.at(probe).delete();
        }
    }

    private static Content read(HadoopStorage storage, String path) throws IOException {
        try (InputStream in = storage.open(path)) {
            return Content.parse(in.readNBytes(MOST_BYTES));
        }
    }

    /** Unknown if the file cannot be read: it may stay unreadable, and must not keep others out for ever. */
    private static Content ownerAt(HadoopStorage storage, String path) throws IOException {
        try {
            return read(storage, path);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", path, e);
            return Content.parse(new byte[0]);
        }
    }

    private synchronized boolean isHeld() throws IOException {
        try (InputStream in = storage.open(path)) {
            return Arrays.equals(in.readNBytes(MOST_BYTES), bytes);
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private void beat(long pauseMillis) {
        try {
            while (!closing.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                try {
                    renew();
                } catch (IOException e) {
                    LOG.warn("{} could not be renewed: {}", path, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only touches the file, so that others never find it without its content. */
    private synchronized void renew() throws IOException {
        if (!isHeld()) {
            return;
        }
        long now = now(storage, path);
        storage.at(path).setModified(now);
        if (storage.at(path).modified() < now) {
            // an object store: only writing changes the time of a file, and replaces its content as a whole
            storage.at(path).replace(out -> out.write(bytes));
        }
    }

    /** @throws UserError TRY_AGAIN if another process has taken the lock over meanwhile */
    public void requireHeld() {
        try {
            if (isHeld()) {
                return;
            }
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
        throw new UserError(
                UserError.Kind.TRY_AGAIN,
                path
                        + " was taken over by another run, since this run did not renew it in time: expected to hold"
                        + " it. This run stops here. Run again.");
    }

    /** Releases the lock; a second call does nothing. */
    @Override
    public void close() {
        closing.countDown();
        try {
            heartbeat.join(SECONDS_FOR_A_BEAT * 1000);
            // a beat in progress would write the file again after it is deleted
            if (!heartbeat.isAlive() && isHeld()) {
                storage.at(path).delete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", path, e);
        }
    }
}
