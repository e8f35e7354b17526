package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.network.Arithmetic;
import io.treegrad.spark.exchange.CostModel;
import io.treegrad.spark.exchange.ExchangeChoice;
import io.treegrad.spark.exchange.ExecutorEndpoint;
import io.treegrad.storage.HadoopStorage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.scheduler.HealthTracker;
import org.apache.spark.serializer.JavaSerializer;
import scala.Tuple2;

/** The Spark application that a command runs in, and what its executors offer. */
public final class Cluster implements AutoCloseable {
    private static final int SECONDS_TO_WAIT = 60;

    private final JavaSparkContext context;
    private final ExecutorSlots slots;
    private final ExecutorWatch watch;
    /** Whether the application is another's, and goes on. */
    private final boolean isGuest;
    /** What executors still hold and nobody needs. */
    private final Queue<Runnable> unneeded = new ConcurrentLinkedQueue<>();

    private volatile String arithmetic = Arithmetic.name();

    private Cluster(JavaSparkContext context, boolean isGuest) {
        this.context = context;
        this.isGuest = isGuest;
        this.slots = new ExecutorSlots(context);
        this.watch = new ExecutorWatch(context.sc(), slots::count, SECONDS_TO_WAIT);
        context.sc().addSparkListener(watch);
    }

    /** Storage for a command that starts no Spark application: reached as spark-submit configured Hadoop. */
    public static HadoopStorage submissionStorage() {
        SparkConf conf = new SparkConf();
        return StartFailure.orUserError(
                conf, () -> new HadoopStorage(SparkHadoopUtil.get().newConfiguration(conf)));
    }

    /** The keys that spark-submit was given and that begin with this, without it. */
    public static Map<String, String> submissionKeys(String prefix) {
        Map<String, String> keys = new HashMap<>();
        for (Tuple2<String, String> key : new SparkConf().getAllWithPrefix(prefix)) {
            keys.put(key._1(), key._2());
        }
        return keys;
    }

    /** Whether this process is the driver of an application in cluster mode, on a machine and in a directory of the cluster's. */
    public static boolean startedThisDriver() {
        return new SparkConf().get("spark.submit.deployMode", "client").equals("cluster");
    }

    /** As {@link #prepareArithmetic(List)}, where it is not known which layers will be computed. */
    public static Optional<String> prepareArithmetic() {
        return prepareArithmetic(Arithmetic.usualUnits());
    }

    /**
     * To be called before a command starts Spark: {@link Arithmetic#prepare(List)} for hidden layers of these units where
     * tasks will run in this process. A driver whose executors compute must be able to, and no more.
     */
    public static Optional<String> prepareArithmetic(List<Integer> hidden) {
        if (MasterUrl.of(new SparkConf()).runsTasksHere()) {
            return Arithmetic.prepare(hidden);
        }
        Arithmetic.requireFusedMultiplyAdd();
        return Optional.empty();
    }

    /** What computes the products ({@link Arithmetic#name}): on executors, as they told when they read their rows. */
    public String arithmetic() {
        return arithmetic;
    }

    void computesWith(String executorsArithmetic) {
        arithmetic = executorsArithmetic;
    }

    /**
     * Starts Spark with what spark-submit configured; on its own, with all cores of this machine.
     *
     * @throws UserError of kind BAD_CONFIGURATION if Spark does not accept its settings or this machine; TRY_AGAIN if no
     *     master of a standalone cluster can be reached; CANNOT_WRITE if it has no local directory
     */
    public static Cluster start(String name) {
        return start(name, new SparkConf());
    }

    /**
     * As above, where resident tasks will exchange parameters and gradients.
     *
     * @param port the first that executors try to listen at; 0 for any
     */
    public static Cluster start(String name, ExchangeChoice exchange, int port) {
        return start(
                name,
                new SparkConf()
                        .set(ExchangeChoice.KEY, exchange.label())
                        .set(ExecutorEndpoint.PORT, Integer.toString(port)));
    }

    static Cluster start(String name, SparkConf conf) {
        ApplicationConf.complete(conf, name);
        return StartFailure.orUserError(conf, () -> {
            if (HealthTracker.isExcludeOnFailureEnabled(conf)) {
                // Spark looks at these when the first executor offers itself, fails each time, and waits for ever
                HealthTracker.validateExcludeOnFailureConfs(conf);
            }
            StandaloneMasters.requireReachable(conf);
            LocalDirectories.requireOne(conf);
            return new Cluster(new JavaSparkContext(conf), false);
        });
    }

    /**
     * A running application, which goes on when this is closed.
     *
     * @throws UserError BAD_CONFIGURATION if it serializes with Kryo, which cannot write what tasks return
     */
    static Cluster of(JavaSparkContext context) {
        String serializer = context.getConf().get("spark.serializer", JavaSerializer.class.getName());
        if (!serializer.equals(JavaSerializer.class.getName())) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "spark.serializer is " + serializer + ", expected " + JavaSerializer.class.getName()
                            + ", Spark's default. Train in an application that has it.");
        }
        return new Cluster(context, true);
    }

    /** Whether executors can be resident: in another's application only where its configuration names the plugin. */
    boolean hasResidentPlugin() {
        return context.isLocal() || context.getConf().get("spark.plugins", "").contains(ResidentPlugin.class.getName());
    }

    /** {@link #awaitSlots(int)} for a minute. */
    public int awaitSlots() {
        return awaitSlots(SECONDS_TO_WAIT);
    }

    /**
     * {@link ExecutorSlots#await}.
     *
     * @param secondsToWait from now on, also for another executor whenever all are lost
     */
    int awaitSlots(int secondsToWait) {
        watch.setSecondsToWait(secondsToWait);
        return slots.await(secondsToWait, watch::requireRunning);
    }

    /** @throws UserError of kind TRY_AGAIN if all executors were lost and no other came in time */
    void requireExecutors() {
        watch.requireExecutors();
    }

    /** Tasks that can run at once now. */
    int slots() {
        return slots.count();
    }

    /** All that can run at once. */
    public CostModel.Layout layout(int tasks) {
        return new CostModel.Layout(executorPlaces().size(), tasks);
    }

    /** {@link ExecutorSlots#places}. */
    List<String> executorPlaces() {
        return slots.places();
    }

    /** Lets later broadcasts take blocks that hold parameters of that many bytes ({@link BroadcastBlocks}). */
    void fitBroadcastBlocks(long bytes) {
        if (!isGuest) {
            BroadcastBlocks.fit(context.getConf(), bytes);
        }
    }

    /** Storage reached with this application's Hadoop configuration. */
    public HadoopStorage storage() {
        return new HadoopStorage(context.hadoopConfiguration());
    }

    public ClusterMemory memory() {
        SparkConf conf = context.getConf();
        return new ClusterMemory(
                context.isLocal(),
                Runtime.getRuntime().maxMemory(),
                conf.getSizeAsBytes("spark.executor.memory", "1g"),
                slots.ofAnExecutor());
    }

    public String master() {
        return context.master();
    }

    public String sparkVersion() {
        return context.version();
    }

    JavaSparkContext context() {
        return context;
    }

    /**
     * Has executors forget something as soon as there is another job. Not at once: an application that ends forgets all by
     * itself, and where executors end before they have answered, Spark prints a stack for each.
     */
    void freeBeforeNextJob(Runnable request) {
        unneeded.add(request);
    }

    /** Has executors forget what {@link #freeBeforeNextJob} was told. */
    void free() {
        for (Runnable request = unneeded.poll(); request != null; request = unneeded.poll()) {
            request.run();
        }
    }

    /** What the jobs of this thread are for from now on, as the pages of Spark show it. */
    void describeJobs(String what) {
        free();
        context.sc().setJobDescription(what);
    }

    /**
     * Runs Spark jobs.
     *
     * @param what they are for
     * @throws RuntimeException {@link #unwrapped} if one fails
     */
    <T> T run(String what, Callable<T> jobs) {
        describeJobs(what);
        try {
            return jobs.call();
        } catch (Exception e) {
            throw unwrapped(e);
        }
    }

    /**
     * What to throw for a failed job: the user's error that it holds, or else the failure itself, unchecked.
     *
     * @throws UserError of kind TRY_AGAIN if it failed for want of executors
     */
    RuntimeException unwrapped(Exception failure) {
        RuntimeException cause = Failures.unwrapped(failure);
        if (!(cause instanceof UserError)) {
            watch.requireExecutors();
        }
        return cause;
    }

    @Override
    public void close() {
        watch.close();
        if (isGuest) {
            free();
            context.sc().removeSparkListener(watch);
            context.sc().setJobDescription(null);
        } else {
            context.close();
        }
    }
}
