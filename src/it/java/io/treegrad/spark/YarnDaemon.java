package io.treegrad.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * YARN with one node, on the loopback interface. Prints a line when it is up, and ends when its standard input does. Its
 * files are below {@code target} of its working directory.
 */
final class YarnDaemon {
    private static final int ONE = 1;
    private static final String HOST = "127.0.0.1";

    private YarnDaemon() {}

    /** Argument: the directory for yarn-site.xml, by which Spark finds it. */
    public static void main(String[] arguments) throws IOException {
        YarnConfiguration conf = new YarnConfiguration();
        conf.set("fs.defaultFS", "file:///");
        conf.set("yarn.resourcemanager.hostname", HOST);
        conf.set("yarn.nodemanager.hostname", HOST);
        conf.set("yarn.nodemanager.bind-host", HOST);
        conf.set("yarn.minicluster.yarn.nodemanager.resource.memory-mb", "8192");
        conf.set("yarn.nodemanager.vmem-check-enabled", "false");
        conf.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
        conf.set("yarn.scheduler.minimum-allocation-mb", "128");
        conf.set("yarn.scheduler.capacity.root.queues", "default");
        conf.set("yarn.scheduler.capacity.root.capacity", "100");
        conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
        conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.9");
        MiniYARNCluster cluster = new MiniYARNCluster("treegrad", ONE, ONE, ONE);
        cluster.init(conf);
        cluster.start();
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[0], "yarn-site.xml"))) {
            cluster.getConfig().writeXml(out);
        }
        System.out.println("up");
        while (System.in.read() >= 0) {
            // nobody writes
        }
        Runtime.getRuntime().halt(0);
    }
}
