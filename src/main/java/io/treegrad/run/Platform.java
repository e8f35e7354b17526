package io.treegrad.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The machine and the program version of a run. */
public final class Platform {
    private Platform() {}

    /** The model of this machine's processor according to Linux, otherwise its architecture. */
    public static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** The version of this program, which Maven puts into each jar; there is none when classes run from a directory. */
    public static String version() {
        try (InputStream in =
                Platform.class.getResourceAsStream("/META-INF/maven/io.treegrad/treegrad/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "(development)");
        } catch (IOException e) {
            return "(unknown)";
        }
    }
}
