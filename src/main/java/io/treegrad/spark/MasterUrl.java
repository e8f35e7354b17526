package io.treegrad.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** What the address of a master tells of where tasks run. */
record MasterUrl(String url) {
    private static final String ALL_CORES_HERE = "local[*]";

    /** Of a master in the driver's process: so many workers with so many cores each. Executors are processes of their own. */
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,.*");

    /** The master that spark-submit was told; else all cores of this machine. */
    static MasterUrl of(SparkConf conf) {
        return new MasterUrl(conf.get("spark.master", ALL_CORES_HERE));
    }

    boolean isOnThisMachine() {
        return url.startsWith("local");
    }

    /** Whether tasks run in the driver's process. */
    boolean runsTasksHere() {
        return isOnThisMachine() && executorCores() == 0;
    }

    /** Whether a standalone master gives cores to applications, and not a number of executors. */
    boolean sharesOutCores() {
        return url.startsWith("spark://") || executorCores() > 0;
    }

    /** Cores of all workers, as far as the address tells; else 0. */
    int executorCores() {
        Matcher cluster = LOCAL_CLUSTER.matcher(url);
        return cluster.matches() ? Integer.parseInt(cluster.group(1)) * workerCores() : 0;
    }

    /** Cores of one worker, as far as the address tells; else 0. */
    int workerCores() {
        Matcher cluster = LOCAL_CLUSTER.matcher(url);
        return cluster.matches() ? Integer.parseInt(cluster.group(2)) : 0;
    }
}
