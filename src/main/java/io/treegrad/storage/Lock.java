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
 * One process at a time, by a file that is created only if it is not there, and touched every so often while its owner
 * lives. A lock is taken over when its file has not been touched for its whole life, or at once when its owner was
 * a process of this machine that is no more. Ages are told by the clock of the storage alone.
 *
 * <p>Local disks and HDFS create a file for one process only. Object stores that do not are served best effort: the owner
 * looks whether the lock is still its own before each change that others see.
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
     * What the file holds, on a line each.
     *
     * @param token of this taking of the lock, never used before
     * @param owner for people
     * @param machine where process numbers mean the same
     * @param started when the process did, since numbers are used again
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

        /** A file that is being written this moment, or is damaged, has an owner nobody knows. */
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

        /** Containers may share a host's name, but then not its process numbers. */
        private static String thisMachine() {
            String numbers;
            try {
                numbers = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            } catch (IOException | UnsupportedOperationException e) {
                numbers = "";
            }
            try {
                return InetAddress.getLocalHost().getHostName() + " " + numbers;
            } catch (IOException e) {
                return "localhost " + numbers;
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
     * @param life how long an untouched file keeps others out
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
            throw held(path, Content.parse(new byte[0])); // released between our two looks: the next run gets it
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
    }

    private static UserError held(String path, Content owner) {
        return new UserError(
                UserError.Kind.TRY_AGAIN,
                "%s is held by %s: expected no other run at the same work. Run again when it is done."
                        .formatted(path, owner));
    }

    private static boolean removeStale(HadoopStorage storage, String path, Duration life) throws IOException {
        Content owner = ownerAt(storage, path);
        if (!owner.isDead() && age(storage, path).compareTo(life) < 0) {
            return false;
        }
        // moved away under a name of its own: of two that see it stale, the slower must not remove the faster one's
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

    /** By the clock of the storage: when a file is written that is written now. */
    private static long now(HadoopStorage storage, String path) throws IOException {
        String probe = path + ".probe-" + UUID.randomUUID();
        try {
            storage.at(probe).write(out -> out.write(1), false);
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

    /** Somebody unknown where the file cannot be read: it may never be again, and must not keep others out for ever. */
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

    /** Touches the file only, so that there is no moment at which others find it without its content. */
    private synchronized void renew() throws IOException {
        if (!isHeld()) {
            return;
        }
        long now = now(storage, path);
        storage.at(path).setModified(now);
        if (storage.at(path).modified() < now) {
            // an object store: the time of a file is that of its content, which is replaced as a whole
            storage.at(path).write(out -> out.write(bytes), true);
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
                        + " was taken over by another run, since this one gave no sign of life for too long: expected to hold"
                        + " it. This one stops here. Run again.");
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
