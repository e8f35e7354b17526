package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.network.Arithmetic;
import io.treegrad.storage.HadoopStorage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.storage.BlockManagerId;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** The Spark application that a command runs in, and what its executors offer. */
public final class Cluster implements AutoCloseable {
    private static final long POLL_MILLIS = 50;
    private static final int SECONDS_TO_WAIT = 60;

    private final JavaSparkContext context;
    private final ExecutorWatch watch;
    /** Whether the application is another's, and goes on. */
    private final boolean isGuest;

    private volatile String arithmetic = Arithmetic.name();

    private Cluster(JavaSparkContext context, boolean isGuest) {
        this.context = context;
        this.isGuest = isGuest;
        this.watch = new ExecutorWatch(context.sc(), this::slots, SECONDS_TO_WAIT);
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
     *     master of a standalone cluster can be reached
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
            StandaloneMasters.requireReachable(conf);
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
     * Tasks that can run at once, when all executors are there: as many as the application asked for, or, where it left
     * that to the cluster, once their number has stopped growing.
     *
     * @param secondsToWait at most; from now on, also for another executor whenever all are lost
     * @throws UserError of kind TRY_AGAIN if there is no executor in that time
     */
    int awaitSlots(int secondsToWait) {
        watch.setSecondsToWait(secondsToWait);
        long now = System.nanoTime();
        long deadline = now + TimeUnit.SECONDS.toNanos(secondsToWait);
        int wanted = wantedSlots();
        int slots = slots();
        long grown = now;
        while (now < deadline
                && !(slots > 0
                        && (context.isLocal() || slots >= wanted)
                        && now - grown >= settling()
                        && arePlacesKnown())) {
            watch.requireRunning();
            sleep();
            now = System.nanoTime();
            int before = slots;
            slots = slots();
            grown = slots > before ? now : grown;
        }
        if (slots == 0) {
            throw new UserError(
                    UserError.Kind.TRY_AGAIN,
                    "no executor came within %d seconds from %s: expected at least one. Check that the cluster has free"
                                    .formatted(secondsToWait, context.master())
                            + " cores and memory for what spark-submit asks, or run again later.");
        }
        return slots;
    }

    /** An executor offers its cores a little before it is known as a place for rows. */
    private boolean arePlacesKnown() {
        return context.isLocal()
                || executorPlaces().size() >= context.sc().getExecutorIds().size();
    }

    /** How long the number of slots must have stood still before it is believed. */
    private long settling() {
        boolean known = context.isLocal() || wantedSlots() > 1;
        return known ? 0 : TimeUnit.SECONDS.toNanos(1);
    }

    /** What the application asked for, as far as its configuration tells; at least one. */
    private int wantedSlots() {
        SparkConf conf = context.getConf();
        int instances = conf.getInt("spark.executor.instances", 0);
        int cores =
                conf.getInt("spark.cores.max", MasterUrl.of(conf).executorCores()) / conf.getInt("spark.task.cpus", 1);
        return Math.max(1, Math.max(instances * tasksOfAnExecutor(conf), cores));
    }

    /** As far as the configuration tells: on a standalone cluster an executor may have more cores. */
    private static int tasksOfAnExecutor(SparkConf conf) {
        return Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
    }

    /** @throws UserError of kind TRY_AGAIN if all executors were lost and no other came in time */
    void requireExecutors() {
        watch.requireExecutors();
    }

    int slots() {
        SparkContext sc = context.sc();
        return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
    }

    /** All that can run at once. */
    public CostModel.Layout layout(int slots) {
        return new CostModel.Layout(executorPlaces().size(), slots);
    }

    /** The executors as places that Spark understands as preferred ones, those of a host together; none in local mode. */
    List<String> executorPlaces() {
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

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(UserError.Kind.TRY_AGAIN, "interrupted while waiting for executors", e);
        }
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
                tasksOfAnExecutor(conf));
    }

    public String master() {
        return context.master();
    }

    public String sparkVersion() {
        return context.version();
    }

    /** What the jobs of this thread are for from now on, as the pages of Spark show it. */
    void describeJobs(String what) {
        context.sc().setJobDescription(what);
    }

    JavaSparkContext context() {
        return context;
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
            context.sc().removeSparkListener(watch);
            context.sc().setJobDescription(null);
        } else {
            context.close();
        }
    }
}
