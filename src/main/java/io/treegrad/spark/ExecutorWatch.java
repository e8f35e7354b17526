package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.storage.RedactedLog;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Ends all jobs when every executor is lost and no other comes in time: Spark would wait for ever, without a word. */
final class ExecutorWatch extends SparkListener implements AutoCloseable {
    private static final RedactedLog LOG = RedactedLog.of(ExecutorWatch.class);

    private final SparkContext context;
    private final IntSupplier slots;
    private volatile int secondsToWait;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "treegrad executor watch");
        thread.setDaemon(true);
        return thread;
    });
    private Future<?> end;
    private volatile boolean gaveUp;

    /** @param slots tasks that can run at once now */
    ExecutorWatch(SparkContext context, IntSupplier slots, int secondsToWait) {
        this.context = context;
        this.slots = slots;
        this.secondsToWait = secondsToWait;
    }

    void setSecondsToWait(int seconds) {
        secondsToWait = seconds;
    }

    @Override
    public synchronized void onExecutorAdded(SparkListenerExecutorAdded event) {
        gaveUp = false;
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        if (end == null && slots.getAsInt() == 0 && !clock.isShutdown()) {
            LOG.warn("all executors are lost: waiting {} seconds for another", secondsToWait);
            end = clock.schedule(this::giveUp, secondsToWait, TimeUnit.SECONDS);
        }
    }

    private synchronized void giveUp() {
        end = null;
        if (slots.getAsInt() == 0) {
            gaveUp = true;
            context.cancelAllJobs();
        }
    }

    /** @throws UserError of kind TRY_AGAIN if the wait for another executor was given up */
    void requireExecutors() {
        if (gaveUp) {
            throw new UserError(
                    UserError.Kind.TRY_AGAIN,
                    ("all executors were lost and no other came within %d seconds: expected at least one. Look for the"
                                    + " reason in the logs of the cluster (often memory), or run again later.")
                            .formatted(secondsToWait));
        }
    }

    /** @throws UserError of kind TRY_AGAIN if Spark has ended the application, as where no master takes it */
    void requireRunning() {
        if (context.isStopped()) {
            throw new UserError(
                    UserError.Kind.TRY_AGAIN,
                    ("Spark has ended the application at %s, expected a master that takes it. Check that spark.master is the"
                                    + " address of a master and not of its page, and that one is alive, or run again later.")
                            .formatted(context.master()));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
