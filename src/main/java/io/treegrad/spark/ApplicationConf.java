package io.treegrad.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;

/** What an application of ours is configured with where its user said nothing else, and a little whatever was said. */
final class ApplicationConf {
    private ApplicationConf() {}

    /** @param name of the application, if it has none */
    static void complete(SparkConf conf, String name) {
        MasterUrl master = MasterUrl.of(conf);
        conf.setMaster(master.url());
        conf.setIfMissing("spark.app.name", name);
        if (master.isOnThisMachine()) {
            // nobody looks at the pages of a run of seconds, and they take a third of a second to start
            conf.setIfMissing("spark.ui.enabled", "false");
            if (master.runsTasksHere()) {
                // tasks share the driver's class loader: without this the JVM downloads its own jar from itself
                conf.remove("spark.jars");
                // a task that runs out of memory fails; Spark would end the process, which is the driver, at once
                conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
            }
        }
        // what tasks hold and return is made for Java serialization, whatever spark-defaults.conf says for others:
        // records and lambdas are nothing that Kryo can write unregistered
        conf.set("spark.serializer", JavaSerializer.class.getName());
        // Spark's own expression or the user's, and the address of a web hook, which has its key in the path
        String redacted = conf.get("spark.redaction.regex", "(?i)secret|password|token|access[.]?key");
        conf.set("spark.redaction.regex", "(?:%s)|treegrad[.]notify".formatted(redacted));
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        // tasks must run where their rows are or anywhere at once: waiting seconds for a place is never worth it here
        conf.setIfMissing("spark.locality.wait", "0");
        // how soon Spark looks again whether resident tasks find room, as when a lost executor is being replaced
        conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
        // where each step is a job, Spark would keep the story of a thousand of them, which no page needs, in the
        // driver's heap
        conf.setIfMissing("spark.ui.retainedJobs", "200");
        conf.setIfMissing("spark.ui.retainedStages", "400");
        conf.setIfMissing("spark.ui.retainedTasks", "2000");
        // floats of a network do not compress
        conf.setIfMissing("spark.broadcast.compress", "false");
        String plugin = ResidentPlugin.class.getName() + "," + RunMetrics.Plugin.class.getName();
        String plugins = conf.get("spark.plugins", "");
        conf.set("spark.plugins", plugins.isEmpty() ? plugin : plugins + "," + plugin);
    }
}
