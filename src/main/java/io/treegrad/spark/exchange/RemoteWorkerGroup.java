package io.treegrad.spark.exchange;

import io.treegrad.common.UserError;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import io.treegrad.storage.RedactedLog;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;

/**
 * The driver's side of workers on executors. Executors join over Spark's plugin RPC, and an {@link Exchange} brings them
 * requests. Each executor answers with the joined sums of its tasks; threads that bring answers only hand them over, and
 * the adding up is done on the driver thread.
 */
public final class RemoteWorkerGroup implements WorkerGroup {
    private static final RedactedLog LOG = RedactedLog.of(RemoteWorkerGroup.class);
    /** How long Spark may take to notice why a connection broke, and to say so. */
    private static final Duration LONGEST_EXPLANATION = Duration.ofSeconds(5);

    private static final ConcurrentHashMap<String, RemoteWorkerGroup> GROUPS = new ConcurrentHashMap<>();

    private final String key;
    private final int tasks;
    private final WorkSpec spec;
    private final SparkConf conf;
    private final SecurityManager security;
    private final Map<String, ExecutorReport> joined = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Answer<?>> answers = new ConcurrentLinkedQueue<>();
    private final EventCount arrivals = new EventCount();
    private final Map<String, Long> answeredByExecutor = new ConcurrentHashMap<>();
    private volatile Exchange exchange;
    private volatile long number;
    private long arrived;

    private RemoteWorkerGroup(String key, int tasks, WorkSpec spec, SparkConf conf, SecurityManager security) {
        this.key = key;
        this.tasks = tasks;
        this.spec = spec;
        this.conf = conf;
        this.security = security;
    }

    /**
     * Opens the group of that key to reports. Static because Spark makes the plugin that receives them.
     *
     * @param conf of the application, which says how requests travel
     * @param security of the application, for connections to executors
     */
    public static RemoteWorkerGroup open(
            String key, int tasks, WorkSpec spec, SparkConf conf, SecurityManager security) {
        RemoteWorkerGroup group = new RemoteWorkerGroup(key, tasks, spec, conf, security);
        GROUPS.put(key, group);
        return group;
    }

    /** Handles a report on Spark's RPC thread; never blocks. */
    public static ExecutorReport.Reply receive(ExecutorReport report) {
        RemoteWorkerGroup group = GROUPS.get(report.group());
        return group == null ? new ExecutorReport.Reply.Dismissed() : group.handle(report);
    }

    private ExecutorReport.Reply handle(ExecutorReport report) {
        if (isComplete() && !joined.containsKey(report.executor())) {
            return new ExecutorReport.Reply.Dismissed();
        }
        joined.putIfAbsent(report.executor(), report);
        if (report.answer() != null) {
            take(report.executor(), report.answered(), report.answer());
        }
        Exchange chosen = exchange;
        return chosen == null ? new ExecutorReport.Reply.Wait() : chosen.replyTo(report);
    }

    /** Takes the first answer of each executor to the current request. */
    private synchronized void take(String executor, long answered, Answer<?> answer) {
        if (answered == number && answeredByExecutor.getOrDefault(executor, 0L) < number) {
            answeredByExecutor.put(executor, answered);
            answers.add(answer);
            arrivals.advanceTo(++arrived);
        }
    }

    @Override
    public boolean isComplete() {
        return joined.values().stream().mapToInt(ExecutorReport::members).sum() == tasks;
    }

    @Override
    public <T extends Sum<T>> Answer<T> ask(Request<T> request, Runnable check) {
        if (exchange == null) {
            exchange = chooseExchange();
        }
        long asked = number + 1;
        number = asked;
        exchange.send(new ExecutorReport.Reply.Work(asked, request));
        int executors = joined.size();
        // executors may be on this machine, and a thread that spins would take a processor from one of them
        boolean spins = executors < Runtime.getRuntime().availableProcessors();
        Runnable checkAll = alsoChecking(exchange, check);
        TreeSum<T> sum = null;
        long computeNanos = 0;
        for (int i = 0; i < executors; i++) {
            arrivals.awaitFromNetwork((asked - 1) * executors + i + 1, spins, checkAll);
            @SuppressWarnings("unchecked") // only answers to this request are let in
            Answer<T> answer = (Answer<T>) answers.remove();
            if (sum == null) {
                sum = answer.sum();
            } else {
                sum.merge(answer.sum());
            }
            computeNanos = Math.max(computeNanos, answer.computeNanos());
        }
        return new Answer<>(sum, computeNanos);
    }

    /** A broken connection is mostly the first sign of something that Spark can explain better, a little later. */
    private static Runnable alsoChecking(Exchange exchange, Runnable check) {
        long[] deadline = {Long.MAX_VALUE};
        return () -> {
            check.run();
            exchange.failure().ifPresent(reason -> {
                long now = System.nanoTime();
                deadline[0] = Math.min(deadline[0], now + LONGEST_EXPLANATION.toNanos());
                if (now >= deadline[0]) {
                    throw new IllegalStateException(reason);
                }
            });
        };
    }

    private Exchange chooseExchange() {
        ExchangeChoice choice = ExchangeChoice.of(conf);
        if (choice == ExchangeChoice.RPC) {
            return new Exchange.OverRpc();
        }
        NetworkExchange network = new NetworkExchange(spec, conf, security, this::take);
        String where = null;
        try {
            for (ExecutorReport executor : new TreeMap<>(joined).values()) {
                where = "executor " + executor.executor();
                if (executor.address() == null) {
                    throw new IOException("it does not listen");
                }
                where += ", which listens at " + executor.address();
                network.connect(key, executor.executor(), executor.address());
            }
        } catch (IOException e) {
            network.close();
            requireRpcAllowed(choice, "the driver cannot connect to " + where + " (" + e.getMessage() + ")");
            LOG.warn(
                    "parameters and gradients go over Spark's RPC, which is slower, since the driver cannot connect to {}: {}",
                    where,
                    e.getMessage());
            return new Exchange.OverRpc();
        }
        if (choice.isSliced(joined.size(), spec.network())) {
            connectExecutors(network, choice);
        }
        return network;
    }

    private void connectExecutors(NetworkExchange network, ExchangeChoice choice) {
        try {
            network.connectExecutors(key);
        } catch (IOException e) {
            if (choice == ExchangeChoice.SLICED) {
                network.close();
                throw new UserError(
                                UserError.Kind.BAD_CONFIGURATION,
                                "executors cannot connect to each other (" + e.getMessage()
                                        + "), and the exchange was to be sliced. Open the port between them, or let"
                                        + " everything go between them and the driver.")
                        .fixedBy("exchange", "port");
            }
            LOG.warn(
                    "all parameters and gradients go between the driver and each executor, since executors cannot connect to"
                            + " each other: {}",
                    e.getMessage());
        }
    }

    /** @throws UserError if parameters and gradients may not, or cannot, go over Spark's RPC */
    private void requireRpcAllowed(ExchangeChoice choice, String reason) {
        if (choice != ExchangeChoice.AUTO) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            reason + ", and the exchange was to be " + choice.label()
                                    + ". Open the port, or let parameters and"
                                    + " gradients go over Spark's RPC, which is slower.")
                    .fixedBy("exchange", "port");
        }
        RpcLimit.obstacle(conf, spec.network().parameterCount()).ifPresent(obstacle -> {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            reason + ", and " + obstacle + ". Open the port, or use the tree engine.")
                    .fixedBy("port", "engine");
        });
    }

    @Override
    public String awaited() {
        return joined.keySet().stream()
                .filter(executor -> answeredByExecutor.getOrDefault(executor, 0L) < number)
                .sorted()
                .collect(Collectors.joining(", ", "executor ", ""));
    }

    @Override
    public void dismiss() {
        GROUPS.remove(key, this);
        if (exchange != null) {
            exchange.close();
        }
    }
}
