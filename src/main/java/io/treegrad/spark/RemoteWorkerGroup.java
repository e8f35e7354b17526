package io.treegrad.spark;

import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * The driver's side of workers on executors. Each executor sends one message a step, with the joined sums of its tasks.
 *
 * <p>Executors poll: Spark's plugin RPC runs from executor to driver only, and the driver's end handles one message at a
 * time and must not block. So {@link #receive} only takes and hands over; the adding up is done on the driver thread.
 */
final class RemoteWorkerGroup implements WorkerGroup {
    private static final ConcurrentHashMap<String, RemoteWorkerGroup> GROUPS = new ConcurrentHashMap<>();

    private record Answer(String executor, TreeSum<?> sum) {}

    private final String key;
    private final int tasks;
    private final Map<String, Integer> membersByExecutor = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final EventCount arrivals = new EventCount();
    private final Map<String, Long> answeredByExecutor = new ConcurrentHashMap<>();
    private volatile ExecutorReport.Reply.Work work = new ExecutorReport.Reply.Work(0, null);
    private long arrived;

    private RemoteWorkerGroup(String key, int tasks) {
        this.key = key;
        this.tasks = tasks;
    }

    /** Opens the group of that key to reports. Static because Spark makes the plugin that receives them. */
    static RemoteWorkerGroup open(String key, int tasks) {
        RemoteWorkerGroup group = new RemoteWorkerGroup(key, tasks);
        GROUPS.put(key, group);
        return group;
    }

    /** Handles a report on Spark's RPC thread; never blocks. */
    static ExecutorReport.Reply receive(ExecutorReport report) {
        RemoteWorkerGroup group = GROUPS.get(report.group());
        return group == null ? new ExecutorReport.Reply.Dismissed() : group.handle(report);
    }

    private ExecutorReport.Reply handle(ExecutorReport report) {
        if (isComplete() && !membersByExecutor.containsKey(report.executor())) {
            return new ExecutorReport.Reply.Dismissed();
        }
        membersByExecutor.putIfAbsent(report.executor(), report.members());
        ExecutorReport.Reply.Work current = work;
        long before = answeredByExecutor.getOrDefault(report.executor(), 0L);
        if (report.answer() != null && report.answered() == current.number() && before < current.number()) {
            answeredByExecutor.put(report.executor(), report.answered());
            answers.add(new Answer(report.executor(), report.answer()));
            arrivals.advanceTo(++arrived);
        }
        return report.answered() < work.number() ? work : new ExecutorReport.Reply.Wait();
    }

    @Override
    public boolean isComplete() {
        return membersByExecutor.values().stream().mapToInt(Integer::intValue).sum() == tasks;
    }

    @Override
    public <T extends Sum<T>> TreeSum<T> ask(Request<T> request, Runnable check) {
        long number = work.number() + 1;
        int executors = membersByExecutor.size();
        work = new ExecutorReport.Reply.Work(number, request);
        TreeSum<T> sum = null;
        for (int i = 0; i < executors; i++) {
            arrivals.await((number - 1) * executors + i + 1, false, check);
            @SuppressWarnings("unchecked") // only answers to this request are let in
            TreeSum<T> answer = (TreeSum<T>) answers.remove().sum();
            if (sum == null) {
                sum = answer;
            } else {
                sum.merge(answer);
            }
        }
        return sum;
    }

    @Override
    public String awaited() {
        long number = work.number();
        return membersByExecutor.keySet().stream()
                .filter(executor -> answeredByExecutor.getOrDefault(executor, 0L) < number)
                .sorted()
                .collect(Collectors.joining(", ", "executor ", ""));
    }

    @Override
    public void dismiss() {
        GROUPS.remove(key, this);
    }
}
