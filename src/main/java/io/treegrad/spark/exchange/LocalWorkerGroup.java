package io.treegrad.spark.exchange;

import io.treegrad.network.Slices;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import io.treegrad.worker.ShardWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The workers of one JVM that step together through shared memory: a leader of rank 0 and followers.
 *
 * <p>The thread that leads does the share of rank 0 itself, so a step wakes nobody: as many threads compute as there
 * are tasks, one to a core, and the others are spinning when they are needed again. On an executor the task of rank 0
 * leads. In the driver's JVM the driver thread does, with the worker that the task of rank 0 lends it.
 *
 * <p>The same threads add up their gradients and update the parameters, a slice each.
 */
public final class LocalWorkerGroup implements WorkerGroup, Slices {
    private static final long DISMISSED = Long.MAX_VALUE;
    /** A smaller one is done before another thread has heard of it. */
    private static final int SMALLEST_SLICE = 4096;
    /** Floats that share a line of the cache: slices begin with a line. */
    private static final int LINE = 16;

    private static final ConcurrentHashMap<String, LocalWorkerGroup> GROUPS = new ConcurrentHashMap<>();

    /** What the leader and one worker share. */
    private static final class Member {
        final EventCount asked = new EventCount();
        final EventCount done = new EventCount();
        /** The number of the last piece of work of which somebody does this member's share. */
        final AtomicLong taken = new AtomicLong();

        volatile ShardWorker worker;
        TreeSum<?> answer;
        long computeNanos;

        boolean take(long number) {
            long last = taken.get();
            return last < number && taken.compareAndSet(last, number);
        }
    }

    /**
     * Something that all members do at once, each its share.
     *
     * @param share of the member of a rank
     * @param afterwards what a member does while others may still be at their share
     */
    private record Work(long number, IntConsumer share, IntConsumer afterwards) {}

    private final String key;
    private final Member[] members;
    private final AtomicInteger joined = new AtomicInteger();
    private final boolean spins;
    private volatile Work work = new Work(0, rank -> {}, rank -> {});
    private volatile boolean dismissed;
    private volatile int awaitedRank;

    private LocalWorkerGroup(String key, int size) {
        this.key = key;
        this.members = new Member[size];
        for (int rank = 0; rank < size; rank++) {
            members[rank] = new Member();
        }
        this.spins = size <= Runtime.getRuntime().availableProcessors();
    }

    /** The group of that key in this JVM. Static because only so can the tasks of a JVM find each other. */
    public static LocalWorkerGroup of(String key, int size) {
        return GROUPS.computeIfAbsent(key, absent -> new LocalWorkerGroup(key, size));
    }

    /** Joins with a worker that is from now on used by whoever answers for this rank. */
    public void join(int rank, ShardWorker worker) {
        members[rank].worker = worker;
        joined.incrementAndGet();
    }

    @Override
    public boolean isComplete() {
        return joined.get() == members.length;
    }

    /** Does the shares of a rank until the group is dismissed. */
    public void answer(int rank, Runnable check) {
        Member own = members[rank];
        for (long next = 1; ; ) {
            own.asked.await(next, spins, check);
            if (dismissed) {
                return;
            }
            Work current = work;
            if (own.take(current.number())) {
                current.share().accept(rank);
                own.done.advanceTo(current.number());
                current.afterwards().accept(rank);
            }
            next = current.number() + 1;
        }
    }

    /** Leaves the worker of rank 0 to the leading thread until the group is dismissed. */
    public void lendFirstWorker(Runnable check) {
        members[0].asked.await(DISMISSED, false, check);
    }

    /** Starts a piece of work and does the leader's share. */
    private long begin(IntConsumer share, IntConsumer afterwards) {
        long number = work.number() + 1;
        work = new Work(number, share, afterwards);
        for (int rank = 1; rank < members.length; rank++) {
            members[rank].asked.advanceTo(number);
        }
        share.accept(0);
        afterwards.accept(0);
        return number;
    }

    @Override
    public <T extends Sum<T>> Answer<T> ask(Request<T> request, Runnable check) {
        return ask(request, check, rank -> request.prepareNext(members[rank].worker));
    }

    /** As {@link #ask(Request, Runnable)}, but the leader prepares nothing before the answer has been sent. */
    <T extends Sum<T>> void askAndSend(Request<T> request, Runnable check, Consumer<Answer<T>> send) {
        send.accept(ask(request, check, rank -> {
            if (rank > 0) {
                request.prepareNext(members[rank].worker);
            }
        }));
        request.prepareNext(members[0].worker);
    }

    private <T extends Sum<T>> Answer<T> ask(Request<T> request, Runnable check, IntConsumer afterwards) {
        long number = begin(rank -> compute(request, members[rank]), afterwards);
        List<TreeSum<T>> answers = new ArrayList<>(members.length);
        long computeNanos = 0;
        for (int rank = 0; rank < members.length; rank++) {
            if (rank > 0) {
                awaitedRank = rank;
                members[rank].done.await(number, spins, check);
            }
            @SuppressWarnings("unchecked") // the answer to a Request<T>
            TreeSum<T> answer = (TreeSum<T>) members[rank].answer;
            answers.add(answer);
            computeNanos = Math.max(computeNanos, members[rank].computeNanos);
        }
        return new Answer<>(request.join(answers, this), computeNanos);
    }

    private static void compute(Request<?> request, Member member) {
        long before = System.nanoTime();
        member.answer = request.answer(member.worker);
        member.computeNanos = System.nanoTime() - before;
    }

    /**
     * The leader also does the slices of members that have not begun when it has done its own. So a task that has ended
     * meanwhile leaves no gap, and nobody waits for a thread that has lost its processor.
     */
    @Override
    public void forEach(int elements, Action action) {
        int size = members.length;
        if (!spins || elements < (long) size * SMALLEST_SLICE) {
            action.accept(0, elements);
            return;
        }
        IntConsumer share = rank -> action.accept(firstOf(rank, elements), firstOf(rank + 1, elements));
        long number = begin(share, rank -> {});
        for (int rank = 1; rank < size; rank++) {
            if (members[rank].take(number)) {
                share.accept(rank);
            } else {
                // in the midst of it: what has been begun cannot be given up
                members[rank].done.await(number, true, () -> {});
            }
        }
    }

    private int firstOf(int rank, int elements) {
        return rank == members.length ? elements : (int) ((long) elements * rank / members.length) / LINE * LINE;
    }

    @Override
    public String awaited() {
        return "task " + awaitedRank + " of " + members.length + " in this JVM";
    }

    @Override
    public void dismiss() {
        GROUPS.remove(key, this);
        dismissed = true;
        for (Member member : members) {
            member.asked.advanceTo(DISMISSED);
        }
    }
}
