package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.storage.RedactedLog;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import scala.jdk.javaapi.CollectionConverters;

/** How many tasks the executors of an application can run at once, and where. */
final class ExecutorSlots {
    private static final RedactedLog LOG = RedactedLog.of(ExecutorSlots.class);
    private static final long POLL_MILLIS = 50;

    private final JavaSparkContext context;

    ExecutorSlots(JavaSparkContext context) {
        this.context = context;
    }

    /** Tasks that can run at once now. */
    int count() {
        SparkContext sc = context.sc();
        return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
    }

    /** The executors as places that Spark understands as preferred ones, those of a host together; none in local mode. */
    List<String> places() {
        Map<BlockManagerId, ?> managers = CollectionConverters.asJava(
                SparkEnv.get().blockManager().master().getMemoryStatus());
        return managers.keySet().stream()
                .filter(manager -> !manager.isDriver())
                .sorted(Comparator.comparing(BlockManagerId::host)
                        .thenComparing(manager -> manager.executorId().length())
                        .thenComparing(BlockManagerId::executorId))
                .map(manager -> "executor_" + manager.host() + "_" + manager.executorId())
                .toList();
    }

    /**
     * Tasks that can run at once, when all executors are there: as many as the application asked for, or, where it left
     * that to the cluster, once their number has stopped growing.
     *
     * @param secondsToWait at most
     * @param check called while waiting; throws to give up
     * @throws UserError of kind TRY_AGAIN if there is no executor in that time
     */
    int await(int secondsToWait, Runnable check) {
        int wanted = wanted(context.getConf());
        Optional<Future<?>> request = requestFirst();
        int slots = 0;
        try {
            slots = await(wanted, secondsToWait, check);
        } finally {
            if (slots == 0) { // else its task does nothing and ends at once, and Spark would warn of one that is killed
                request.ifPresent(job -> job.cancel(true));
            }
        }
        if (slots == 0) {
            throw new UserError(
                    UserError.Kind.TRY_AGAIN,
                    ("no executor came within %d seconds from %s: expected at least one. Check that the cluster has free"
                                    + " cores and memory for what spark-submit asks and that its machines can connect to the"
                                    + " driver at %s (spark.driver.host), or run again later.")
                            .formatted(
                                    secondsToWait,
                                    context.master(),
                                    context.getConf().get("spark.driver.host")));
        }
        if (!context.isLocal() && slots < wanted) {
            LOG.warn(
                    "after {} seconds {} tasks can run at once, and not {} as the settings of Spark ask for: going on with these",
                    secondsToWait,
                    slots,
                    wanted);
        }
        return slots;
    }

    private int await(int wanted, int secondsToWait, Runnable check) {
        long now = System.nanoTime();
        long deadline = now + TimeUnit.SECONDS.toNanos(secondsToWait);
        int slots = count();
        long grown = now;
        while (now < deadline
                && !(slots > 0
                        && (context.isLocal() || slots >= wanted)
                        && now - grown >= settling(wanted)
                        && arePlacesKnown())) {
            check.run();
            sleep();
            now = System.nanoTime();
            int before = slots;
            slots = count();
            grown = slots > before ? now : grown;
        }
        return slots;
    }

    /** Dynamic allocation asks for executors only while a task waits for one, and begins without any by default. */
    private Optional<Future<?>> requestFirst() {
        if (!isDynamic(context.getConf()) || count() > 0) {
            return Optional.empty();
        }
        context.sc().setJobDescription("Wait for an executor");
        return Optional.of(context.parallelize(List.of(0), 1).countAsync());
    }

    /** An executor offers its cores a little before it is known as a place for rows. */
    private boolean arePlacesKnown() {
        return context.isLocal()
                || places().size() >= context.sc().getExecutorIds().size();
    }

    /** How long the number of slots must have stood still before it is believed. */
    private long settling(int wanted) {
        return context.isLocal() || wanted > 1 ? 0 : TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * Tasks that can run at once on all that the application asked for, as far as its configuration tells; at least one. Each
     * kind of cluster looks at other settings, which a file for several of them may all have.
     */
    static int wanted(SparkConf conf) {
        int ofAnExecutor = ofAnExecutor(conf);
        if (isDynamic(conf)) {
            int first = Math.max(instances(conf), conf.getInt("spark.dynamicAllocation.initialExecutors", 0));
            int executors = Math.max(first, conf.getInt("spark.dynamicAllocation.minExecutors", 0));
            return Math.max(1, executors * ofAnExecutor);
        }
        MasterUrl master = MasterUrl.of(conf);
        if (!master.sharesOutCores()) {
            return Math.max(1, instances(conf) * ofAnExecutor);
        }
        int cores = conf.getInt("spark.cores.max", master.executorCores());
        if (master.executorCores() > 0) {
            cores = Math.min(cores, master.executorCores());
        }
        int ofExecutor = conf.getInt("spark.executor.cores", master.workerCores());
        int tasks = ofExecutor > 0
                ? cores / ofExecutor * (ofExecutor / cpusOfATask(conf)) // what is left of either stays without use
                : cores / cpusOfATask(conf);
        return Math.max(1, tasks);
    }

    private static boolean isDynamic(SparkConf conf) {
        return conf.getBoolean("spark.dynamicAllocation.enabled", false);
    }

    private static int instances(SparkConf conf) {
        return conf.getInt("spark.executor.instances", 0);
    }

    private static int cpusOfATask(SparkConf conf) {
        return conf.getInt("spark.task.cpus", 1);
    }

    /** As far as the configuration tells: on a standalone cluster an executor may have more cores. */
    int ofAnExecutor() {
        return ofAnExecutor(context.getConf());
    }

    private static int ofAnExecutor(SparkConf conf) {
        return Math.max(1, conf.getInt("spark.executor.cores", 1) / cpusOfATask(conf));
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(UserError.Kind.TRY_AGAIN, "interrupted while waiting for executors", e);
        }
    }
}
