package io.treegrad;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;

/** Writes the JVM flags that this version of Spark wants, one a line, as an argument file for the JVMs of the tests. */
public final class SparkJvmFlags {
    private SparkJvmFlags() {}

    public static void main(String[] arguments) throws IOException {
        Files.write(Path.of(arguments[0]), List.of(JavaModuleOptions.defaultModuleOptionArray()));
    }
}
