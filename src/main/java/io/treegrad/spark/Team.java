package io.treegrad.spark;

import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers of one JVM that step together through shared memory: a leader, seat 0, and followers.
 *
 * <p>The thread that leads computes the share of seat 0 itself, so a step wakes nobody: as many threads compute as there
 * are tasks, one to a core, and the others are spinning when they are needed again. On an executor the task of seat 0
 * leads. In the driver's JVM the driver thread does, with the worker that the task of seat 0 lends it while it rests.
 */
final class Team implements Crew {
    private static final long DISMISSED = Long.MAX_VALUE;
    private static final ConcurrentHashMap<String, Team> TEAMS = new ConcurrentHashMap<>();

    private static final class Seat {
        final Signal asked = new Signal();
        final Signal answered = new Signal();
        volatile PartitionWorker worker;
        TreeSum<?> answer;
    }

    private final String key;
    private final Seat[] seats;
    private final AtomicInteger taken = new AtomicInteger();
    private final boolean spins;
    private Request<?> request;
    private long requests;
    private volatile boolean dismissed;
    private volatile int awaitedSeat;

    private Team(String key, int members) {
        this.key = key;
        this.seats = new Seat[members];
        for (int seat = 0; seat < members; seat++) {
            seats[seat] = new Seat();
        }
        this.spins = members <= Runtime.getRuntime().availableProcessors();
    }

    /** The team of that key in this JVM. Static because only so can the tasks of a JVM find each other. */
    static Team of(String key, int members) {
        return TEAMS.computeIfAbsent(key, absent -> new Team(key, members));
    }

    /** Takes a seat with a worker that is from now on used by whoever answers for this seat. */
    void take(int seat, PartitionWorker worker) {
        seats[seat].worker = worker;
        taken.incrementAndGet();
    }

    @Override
    public boolean isComplete() {
        return taken.get() == seats.length;
    }

    /** Answers for a seat until the team is dismissed. */
    void follow(int seat, Runnable check) {
        Seat own = seats[seat];
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

    /** Leaves seat 0 to the leading thread until the team is dismissed. */
    void rest(Runnable check) {
        seats[0].asked.await(DISMISSED, false, check);
    }

    @Override
    public <T extends Sum<T>> TreeSum<T> ask(Request<T> asked, Runnable check) {
        request = asked;
        long number = ++requests;
        for (int seat = 1; seat < seats.length; seat++) {
            seats[seat].asked.advanceTo(number);
        }
        TreeSum<T> sum = asked.answer(seats[0].worker);
        asked.prepareNext(seats[0].worker);
        for (int seat = 1; seat < seats.length; seat++) {
            awaitedSeat = seat;
            seats[seat].answered.await(number, spins, check);
            @SuppressWarnings("unchecked") // the answer to a Request<T>
            TreeSum<T> answer = (TreeSum<T>) seats[seat].answer;
            sum.merge(answer);
        }
        return sum;
    }

    @Override
    public String awaited() {
        return "task " + awaitedSeat + " of " + seats.length + " in this JVM";
    }

    @Override
    public void dismiss() {
        TEAMS.remove(key, this);
        dismissed = true;
        for (Seat seat : seats) {
            seat.asked.advanceTo(DISMISSED);
        }
    }
}
