package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Sum;
import io.treegrad.spark.exchange.Answer;
import io.treegrad.spark.exchange.LocalWorkerGroup;
import io.treegrad.spark.exchange.RemoteWorkerGroup;
import io.treegrad.spark.exchange.Request;
import io.treegrad.spark.exchange.WorkerGroup;
import io.treegrad.storage.RedactedLog;
import io.treegrad.worker.WorkSpec;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * One barrier job spans many steps: its tasks stay with their rows and answer request after request, so a step costs no
 * job launch.
 *
 * <p>All state that matters is the driver's. When a task dies, Spark ends the job; the driver starts the next one and
 * asks the same request again, so no step is lost or taken twice. No other Spark job can run meanwhile: the tasks may
 * fill every slot.
 */
public final class ResidentEngine implements StepEngine {
    private static final RedactedLog LOG = RedactedLog.of(ResidentEngine.class);
    private static final Duration LONGEST_END = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 1;

    private final DistributedRows rows;
    private final WorkSpec spec;
    private final AnswerLimit limit;
    private final int failuresAllowed;
    private final String id = "treegrad-" + UUID.randomUUID();
    private int generation;
    private WorkerGroup workers;
    private FutureTask<Long> job;

    /**
     * @param patience how long to wait at least for the tasks to start, and for each answer, before starting them again;
     *     longer where earlier answers took long
     */
    public ResidentEngine(DistributedRows rows, WorkSpec spec, Duration patience) {
        this.rows = rows;
        this.spec = spec;
        this.limit = new AnswerLimit(patience);
        this.failuresAllowed = rows.context().getConf().getInt("spark.task.maxFailures", 4);
    }

    @Override
    public GradientSum sumAt(float[] theta, long step) {
        return ask(
                new Request.Gradient(theta, step),
                spec.steps().rows() / spec.steps().stepsPerEpoch());
    }

    @Override
    public EvaluationSum evaluate(float[] theta, Part part) {
        return ask(new Request.Evaluation(theta, part, rows.shards(part)), rows.rows(part));
    }

    /** @param rowCount that the request computes on */
    private <T extends Sum<T>> T ask(Request<T> request, long rowCount) {
        for (int failures = 1; ; failures++) {
            try {
                if (failures > 1) {
                    // rows that went with an executor are read again; data that is refused now is told as such
                    rows.load();
                }
                if (workers == null) {
                    start();
                }
                long asked = System.nanoTime();
                Answer<T> answer = workers.ask(request, checkUntil(limit.of(rowCount), request.toString()));
                long nanos = System.nanoTime() - asked;
                limit.answered(rowCount, nanos);
                if (request instanceof Request.Gradient) {
                    RunMetrics.ofDriver().countGradient(nanos, answer.computeNanos());
                }
                return answer.sum().total();
            } catch (RuntimeException failure) {
                stop();
                RuntimeException cause = rows.cluster().unwrapped(failure);
                boolean interrupted = Thread.currentThread().isInterrupted();
                if (cause instanceof UserError || failures >= failuresAllowed || interrupted) {
                    throw cause;
                }
                RunMetrics.ofDriver().countRestart();
                LOG.warn("{} failed ({}): starting the resident tasks again", request, cause.getMessage());
            }
        }
    }

    private void start() {
        int tasks = rows.partitions();
        awaitSlots(tasks);
        String key = id + "-" + ++generation;
        JavaSparkContext context = rows.context();
        workers = context.isLocal()
                ? LocalWorkerGroup.of(key, tasks)
                : RemoteWorkerGroup.open(
                        key, tasks, spec, SparkEnv.get().conf(), SparkEnv.get().securityManager());
        ResidentTask task = new ResidentTask(key, spec);
        ClassTag<Object> anything = ClassTag$.MODULE$.Any();
        FutureTask<Long> started = new FutureTask<>(() -> {
            context.setJobGroup(key, "Resident tasks: all steps and evaluations of a training", true);
            return rows.rdd()
                    .rdd()
                    .barrier()
                    .mapPartitions(task, false, anything)
                    .count();
        });
        job = started;
        Thread thread = new Thread(started, key);
        thread.setDaemon(true);
        thread.start();
        Runnable check = checkUntil(limit.of(0), "the start of " + tasks + " resident tasks");
        while (!workers.isComplete()) {
            check.run();
            sleep();
        }
    }

    /** Waits for room for all tasks at once, as after the loss of an executor. */
    private void awaitSlots(int tasks) {
        Duration patience = limit.of(0);
        long deadline = System.nanoTime() + patience.toNanos();
        for (int slots = rows.cluster().slots();
                slots < tasks;
                slots = rows.cluster().slots()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new UserError(
                                UserError.Kind.TRY_AGAIN,
                                "%d resident tasks need as many cores at once, and within %d seconds there were only %d."
                                                .formatted(tasks, patience.toSeconds(), slots)
                                        + " Run again when the cluster has them, or with the tree engine.")
                        .fixedBy("engine");
            }
            rows.cluster().requireExecutors();
            sleep();
        }
    }

    /** Ends a wait when the job has ended, which it does not do by itself, or when it takes too long. */
    private Runnable checkUntil(Duration patience, String awaited) {
        long deadline = System.nanoTime() + patience.toNanos();
        return () -> {
            if (job.isDone()) {
                Throwable failure = failureOf(job);
                throw new IllegalStateException(
                        "the resident tasks ended: " + (failure == null ? "no failure" : Failures.reason(failure)),
                        failure);
            }
            if (System.nanoTime() > deadline) {
                limit.waitedInVain();
                throw new IllegalStateException("no answer within %d seconds to %s from %s"
                        .formatted(patience.toSeconds(), awaited, workers.awaited()));
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted during " + awaited);
            }
        };
    }

    private static Throwable failureOf(FutureTask<Long> ended) {
        try {
            ended.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (CancellationException e) {
            return e;
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Dismisses the tasks and waits until their slots are free. */
    private void stop() {
        if (workers == null) {
            return;
        }
        workers.dismiss();
        workers = null;
        try {
            awaitEnd(Duration.ofSeconds(2));
            if (!job.isDone()) {
                rows.context().cancelJobGroup(id + "-" + generation);
                awaitEnd(LONGEST_END);
            }
        } catch (InterruptedException e) {
            rows.context().cancelJobGroup(id + "-" + generation);
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd(Duration limit) throws InterruptedException {
        try {
            job.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the resident tasks ended otherwise than by their dismissal", e);
        }
    }

    @Override
    public String name() {
        return "resident";
    }

    @Override
    public void close() {
        stop();
    }
}
