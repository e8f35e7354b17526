package io.treegrad.storage;

import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
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
 * <p>Local disks and HDFS create a file for one process only; object stores may not. And an owner may be
 * stopped for longer than the lifetime of its lock, and then go on. So an owner checks that it still has the lock before
 * each change that others see.
 */
public final class Lock implements AutoCloseable {
    private static final RedactedLog LOG = RedactedLog.of(Lock.class);

    private static final long SECONDS_FOR_A_BEAT = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final int MOST_BYTES = 1 << 14;

    private final HadoopStorage storage;
    private final String path;
    private final byte[] bytes;
    private final Duration life;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread heartbeat;
    private volatile boolean lost;
    private volatile Lock outer;

    /**
     * How long to wait for a lock that another process has.
     *
     * @param ifAlive when the owner is known to live: a process of this machine, or one that has renewed the lock meanwhile
     * @param ifUnknown when nothing is known of it; longer than the life of the lock, for one that may be dead
     */
    record Patience(Duration ifAlive, Duration ifUnknown) {}

    /** The owner of a lock that another process has, and when it last touched the file. */
    private record Rival(LockOwner owner, long touched) {
        ProcessTable.State state() {
            return owner.state(ProcessTable.OF_THIS_MACHINE);
        }

        boolean hasRenewedSince(Rival earlier) {
            return owner.equals(earlier.owner) && touched > earlier.touched;
        }
    }

    private Lock(HadoopStorage storage, String path, LockOwner owner, Duration life) {
        this.storage = storage;
        this.path = path;
        this.bytes = owner.toBytes();
        this.life = life;
        this.heartbeat = new Thread(this::beat, "heartbeat of " + Redaction.redact(path));
        heartbeat.setDaemon(true);
    }

    /**
     * Takes the lock. Waits while another process has it, unless the thread is interrupted.
     *
     * @param life how long the lock stays valid after the file was last touched
     * @throws UserError TRY_AGAIN with the owner's name if another process still has the lock
     */
    static Lock take(HadoopStorage storage, String path, String owner, Duration life, Patience patience) {
        Lock lock = new Lock(storage, path, LockOwner.thisProcess(owner), life);
        try {
            lock.acquire(patience);
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
        lock.heartbeat.start();
        return lock;
    }

    private void acquire(Patience patience) throws IOException {
        long start = System.nanoTime();
        Rival first = null;
        while (!storage.at(path).create(bytes)) {
            Rival rival = rival();
            if (rival == null || (isStale(rival) && moveAway(rival))) {
                continue;
            }
            boolean lives =
                    rival.state() == ProcessTable.State.LIVES || (first != null && rival.hasRenewedSince(first));
            Duration limit = lives ? patience.ifAlive : patience.ifUnknown;
            if (System.nanoTime() - start >= limit.toNanos()) {
                throw held(rival.owner);
            }
            if (first == null) {
                first = rival;
                LOG.warn("{} is held by {}: waiting, at most {} seconds.", path, rival.owner, limit.toSeconds());
            }
            try {
                Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, life.toMillis() / 20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw held(rival.owner);
            }
        }
    }

    private UserError held(LockOwner owner) {
        return new UserError(
                UserError.Kind.TRY_AGAIN,
                "%s is held by %s: expected one run at a time. Run again when it is done.".formatted(path, owner));
    }

    /** Null if the lock was released meanwhile. */
    private Rival rival() throws IOException {
        try {
            return new Rival(ownerAt(path), storage.at(path).modified());
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private boolean isStale(Rival rival) throws IOException {
        return rival.state() == ProcessTable.State.DEAD || now() - rival.touched >= life.toMillis();
    }

    /**
     * Moves a stale lock to a name of its own before it is removed: if two processes find it stale, the slower must not
     * remove the lock of the faster, and gives it back. False if it could not be moved.
     */
    private boolean moveAway(Rival stale) throws IOException {
        String aside = path + ".stale-" + UUID.randomUUID();
        if (!storage.at(path).rename(aside.substring(aside.lastIndexOf('/') + 1))) {
            return false;
        }
        LockOwner moved = ownerAt(aside);
        if (moved.equals(stale.owner)) {
            LOG.warn("{} was left behind by {}: taking it over.", path, moved);
        } else {
            storage.at(path).create(moved.toBytes());
        }
        storage.at(aside).delete();
        return true;
    }

    /** The time now by the clock of the storage: the modification time of a file that is written now. */
    private long now() throws IOException {
        String probe = path + ".probe-" + UUID.randomUUID();
        try {
            storage.at(probe).write(out -> out.write(1));
            return storage.at(probe).modified();
        } finally {
            storage.at(probe).delete();
        }
    }

    /** Unknown if the file cannot be read: it may stay unreadable, and must not keep others out for ever. */
    private LockOwner ownerAt(String file) throws IOException {
        try (InputStream in = storage.open(file)) {
            return LockOwner.parse(in.readNBytes(MOST_BYTES));
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e);
            return LockOwner.UNKNOWN;
        }
    }

    /** Within another lock: it gives a right only while that one is held too. */
    Lock within(Lock other) {
        outer = other;
        return this;
    }

    /** A lock that is lost stays lost. */
    private synchronized boolean isHeld() throws IOException {
        try (InputStream in = storage.open(path)) {
            lost |= !Arrays.equals(in.readNBytes(MOST_BYTES), bytes);
        } catch (FileNotFoundException e) {
            lost = true;
        }
        return !lost;
    }

    private void beat() {
        try {
            while (!lost && !closing.await(life.toMillis() / 4, TimeUnit.MILLISECONDS)) {
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
        long now = now();
        storage.at(path).setModified(now);
        if (storage.at(path).modified() < now) {
            // an object store: only writing changes the time of a file, and replaces its content as a whole
            storage.at(path).replace(out -> out.write(bytes));
        }
    }

    /**
     * Looks whether this process still has the lock. To be called before each change that others see.
     *
     * @throws UserError TRY_AGAIN if another process has taken the lock over meanwhile
     */
    public void requireHeld() {
        if (outer != null) {
            outer.requireHeld();
        }
        try {
            isHeld();
        } catch (IOException e) {
            throw StorageFailure.writing(path, e);
        }
        requireNotLost();
    }

    /** The same, by what is known already: costs nothing, and keeps a run from going on for hours in vain. */
    public void requireNotLost() {
        if (lost) {
            throw new UserError(
                    UserError.Kind.TRY_AGAIN,
                    path
                            + " was taken over by another run, since this run did not renew it in time: expected to hold"
                            + " it. This run stops here and writes nothing more. Run again.");
        }
    }

    /** Releases the lock, also for a thread that is interrupted; a second call does nothing. */
    @Override
    public void close() {
        closing.countDown();
        boolean interrupted = Thread.interrupted();
        try {
            heartbeat.join(SECONDS_FOR_A_BEAT * 1000);
            // a beat in progress would write the file again after it is deleted
            if (!heartbeat.isAlive() && isHeld()) {
                storage.at(path).delete();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", path, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
