package io.treegrad.spark.exchange;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.spark.StepEngine;
import io.treegrad.spark.Trial;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardAssignment;
import io.treegrad.worker.ShardWorker;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import scala.Option;

/**
 * The driver and all executors of a worker group in one JVM, without Spark around them: connections between them are real,
 * over the loopback interface, and each executor listens at a port of its own.
 */
final class LoopbackGroup implements StepEngine {
    private static final String HOST = "127.0.0.1";
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final Trial trial;
    private final List<ExecutorEndpoint> endpoints = new ArrayList<>();
    private final List<LocalWorkerGroup> groups = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final RemoteWorkerGroup driver;
    private Duration patience = Duration.ofMinutes(1);
    private volatile boolean closed;

    static SecurityManager security(SparkConf conf) {
        return new SecurityManager(conf, Option.empty(), null);
    }

    /** @param way from the address of an executor to the one that it tells the driver */
    LoopbackGroup(Trial trial, SparkConf conf, int executors, int tasksOfEach, UnaryOperator<String> way)
            throws IOException {
        this.trial = trial;
        int tasks = executors * tasksOfEach;
        WorkSpec spec = Trial.spec(trial.steps());
        String key = "loopback-" + GROUPS.incrementAndGet();
        driver = RemoteWorkerGroup.open(key, tasks, spec, conf, security(conf));
        ShardAssignment assignment = new ShardAssignment(trial.parts(), tasks);
        for (int executor = 0; executor < executors; executor++) {
            LocalWorkerGroup workers = LocalWorkerGroup.of(key + "-" + executor, tasksOfEach);
            groups.add(workers);
            for (int rank = 0; rank < tasksOfEach; rank++) {
                int partition = executor * tasksOfEach + rank;
                PartitionShards rows = PartitionShards.read(
                        assignment, partition, (source, wanted) -> source.read(wanted, new LocalStorage()));
                workers.join(rank, new ShardWorker(spec, rows));
            }
            Optional<ExecutorEndpoint> endpoint = endpoint(conf);
            String address =
                    endpoint.map(listening -> way.apply(listening.address())).orElse(null);
            String name = Integer.toString(executor);
            GroupLeader leader = new GroupLeader(
                    key, name, tasksOfEach, spec, workers, message -> reply(message, address), this::requireOpen);
            start(() -> {
                try {
                    leader.answer(endpoint);
                } finally {
                    workers.dismiss();
                }
            });
            for (int rank = 1; rank < tasksOfEach; rank++) {
                int follower = rank;
                start(() -> workers.answer(follower, this::requireOpen));
            }
        }
    }

    private Optional<ExecutorEndpoint> endpoint(SparkConf conf) throws IOException {
        if (ExchangeChoice.of(conf) == ExchangeChoice.RPC) {
            return Optional.empty();
        }
        ExecutorEndpoint endpoint = new ExecutorEndpoint(HOST, conf, security(conf));
        endpoints.add(endpoint);
        return Optional.of(endpoint);
    }

    private static Object reply(Object message, String address) {
        ExecutorReport report = Message.decode(message, ExecutorReport.class);
        return Message.encode(RemoteWorkerGroup.receive(new ExecutorReport(
                report.group(), report.executor(), address, report.members(), report.answered(), report.answer())));
    }

    private void start(Runnable part) {
        Thread thread = new Thread(() -> {
            try {
                part.run();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** How long the driver waits for an answer. */
    void setPatience(Duration longest) {
        patience = longest;
    }

    /** As tasks look whether they were killed. */
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("killed");
        }
    }

    private void awaitExecutors() {
        while (!driver.isComplete()) {
            Thread.onSpinWait();
        }
    }

    /** As the engine looks whether its job has ended, or takes too long. */
    private Runnable check() {
        long deadline = System.nanoTime() + patience.toNanos();
        return () -> {
            if (!failures.isEmpty()) {
                throw new IllegalStateException(
                        "an executor failed: " + failures.get(0).getMessage(), failures.get(0));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no answer from " + driver.awaited());
            }
        };
    }

    @Override
    public GradientSum sumAt(float[] theta, long step) {
        awaitExecutors();
        return driver.ask(new Request.Gradient(theta, step), check()).sum().total();
    }

    @Override
    public EvaluationSum evaluate(float[] theta, Part part) {
        awaitExecutors();
        int shards = trial.parts().get(part).shards().shards();
        return driver.ask(new Request.Evaluation(theta, part, shards), check())
                .sum()
                .total();
    }

    @Override
    public String name() {
        return "loopback";
    }

    @Override
    public void close() {
        closed = true;
        driver.dismiss();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        groups.forEach(LocalWorkerGroup::dismiss);
        endpoints.forEach(ExecutorEndpoint::close);
    }
}
