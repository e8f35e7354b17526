package io.treegrad.spark;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.spark.SparkConf;

/** The logs of Spark and Hadoop in the process of the driver. */
public final class Logs {
    private static final String CONFIGURATION = "/io/treegrad/conf/log4j2.properties";
    private static final String DEFAULTS_OF_SPARK = "org/apache/spark/log4j2-defaults.properties";

    private Logs() {}

    /**
     * Where nobody configured the logs, as under a plain spark-submit, leaves only what a user can act on: Spark's own
     * defaults tell of every task. A configuration of the user stays.
     */
    public static void calmUnlessConfigured() {
        // Spark would take its defaults at its first line: let it do so now, and without telling
        new SparkConf(false).initializeLogIfNecessary(false, true);
        if (LogManager.getContext(false) instanceof LoggerContext context
                && isDefault(context.getConfiguration())
                && Logs.class.getResource(CONFIGURATION) != null) {
            context.setConfigLocation(configuration());
        }
    }

    private static boolean isDefault(Configuration configuration) {
        return configuration instanceof DefaultConfiguration
                || String.valueOf(configuration.getConfigurationSource().getLocation())
                        .endsWith(DEFAULTS_OF_SPARK);
    }

    private static URI configuration() {
        try {
            return Logs.class.getResource(CONFIGURATION).toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e); // a class loader made it
        }
    }
}
