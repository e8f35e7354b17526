package io.treegrad.spark;

import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers of one JVM that step together through shared memory: a leader of rank 0 and followers.
 *
 * <p>The thread that leads computes the share of rank 0 itself, so a step wakes nobody: as many threads compute as there
 * are tasks, one to a core, and the others are spinning when they are needed again. On an executor the task of rank 0
 * leads. In the driver's JVM the driver thread does, with the worker that the task of rank 0 lends it.
 */
final class LocalWorkerGroup implements WorkerGroup {
    private static final long DISMISSED = Long.MAX_VALUE;
    private static final ConcurrentHashMap<String, LocalWorkerGroup> GROUPS = new ConcurrentHashMap<>();

    /** What the leader and one worker share. */
    private static final class Member {
        final EventCount asked = new EventCount();
        final EventCount answered = new EventCount();
        volatile ShardWorker worker;
        TreeSum<?> answer;
    }

    private final String key;
    private final Member[] members;
    private final AtomicInteger joined = new AtomicInteger();
    private final boolean spins;
    private Request<?> request;
    private long requests;
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
    static LocalWorkerGroup of(String key, int size) {
        return GROUPS.computeIfAbsent(key, absent -> new LocalWorkerGroup(key, size));
    }

    /** Joins with a worker that is from now on used by whoever answers for this rank. */
    void join(int rank, ShardWorker worker) {
        members[rank].worker = worker;
        joined.incrementAndGet();
    }

    @Override
    public boolean isComplete() {
        return joined.get() == members.length;
    }

    /** Answers for a rank until the group is dismissed. */
    void answer(int rank, Runnable check) {
        Member own = members[rank];
        for (long number = 1; ; number++) {
            own.asked.await(number, spins, check);
            if (dismissed) {
                return;
            }
            Request<?> current = request;
            own.answer = current.answer(own.worker);
            own.answered.advanceTo(number);
            current.prepareNext(own.worker);
        }
    }

    /** Leaves the worker of rank 0 to the leading thread until the group is dismissed. */
    void lendFirstWorker(Runnable check) {
        members[0].asked.await(DISMISSED, false, check);
    }

    @Override
    public <T extends Sum<T>> TreeSum<T> ask(Request<T> asked, Runnable check) {
        request = asked;
        long number = ++requests;
        for (int rank = 1; rank < members.length; rank++) {
            members[rank].asked.advanceTo(number);
        }
        TreeSum<T> sum = asked.answer(members[0].worker);
        asked.prepareNext(members[0].worker);
        for (int rank = 1; rank < members.length; rank++) {
            awaitedRank = rank;
            members[rank].answered.await(number, spins, check);
            @SuppressWarnings("unchecked") // the answer to a Request<T>
            TreeSum<T> answer = (TreeSum<T>) members[rank].answer;
            sum.merge(answer);
        }
        return sum;
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
