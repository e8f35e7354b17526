package io.treegrad.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.testing.ForkedJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A master and two workers of two cores, each a process, from the jars of the class path: executors are processes that
 * can die. One for all tests of a JVM; a test asks for it as a parameter.
 */
final class StandaloneCluster implements AutoCloseable {
    /** Two hosts as Spark sees them, since it starts no second copy of a slow task on the same host. */
    private static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.2");

    private static final String CORES_OF_A_WORKER = "2";
    private static final long POLL_MILLIS = 20;
    private static final Duration LONGEST_START = Duration.ofMinutes(2);

    private final Path home;
    private final Process master;
    private final String url;
    private final URI state;
    private final List<Process> workers = new ArrayList<>();

    /** Gives tests the one cluster, which JUnit closes at the end. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == StandaloneCluster.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(StandaloneCluster.class, absent -> start());
        }
    }

    private StandaloneCluster(Path home) throws IOException {
        this.home = home;
        for (String entry : ForkedJvm.classPath().split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                Path jar = Path.of(entry);
                Files.createSymbolicLink(jars().resolve(jar.getFileName()), jar);
            }
        }
        master = daemon("master", HOSTS.get(0));
        BufferedReader out = master.inputReader(StandardCharsets.UTF_8);
        url = line(out);
        state = URI.create("http://" + HOSTS.get(0) + ":" + line(out) + "/json/");
        startWorkers();
    }

    private static StandaloneCluster start() {
        try {
            Path home = Files.createTempDirectory("treegrad-cluster-");
            Files.createDirectory(home.resolve("jars"));
            return new StandaloneCluster(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path jars() {
        return home.resolve("jars");
    }

    private Process daemon(String name, String... arguments) throws IOException {
        ProcessBuilder builder = ForkedJvm.of(List.of("-Xmx256m"), Daemon.class, List.of(arguments));
        Map<String, String> environment = builder.environment();
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_SCALA_VERSION", "2.13");
        environment.put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
        return builder.redirectError(home.resolve(name + ".log").toFile()).start();
    }

    private String line(BufferedReader out) throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("a daemon did not start, see the logs in " + home);
        }
        return line;
    }

    /** Has two workers again after {@link #killWorkers}. */
    void startWorkers() throws IOException {
        if (!workers.isEmpty()) {
            return;
        }
        for (String host : HOSTS) {
            String work = home.resolve("work").toString();
            workers.add(daemon("worker-" + host, host, CORES_OF_A_WORKER, work, url));
        }
        for (Process worker : workers) {
            awaitAtMaster(URI.create(line(worker.inputReader(StandardCharsets.UTF_8))));
        }
    }

    /** The master would give both executors to the first worker that it knows, if it knew only that one. */
    private void awaitAtMaster(URI worker) {
        Awaitility.await("worker " + worker + " at the master, see the logs in " + home)
                .pollInterval(Duration.ofMillis(POLL_MILLIS))
                .atMost(LONGEST_START)
                .until(() -> isAtMaster(worker));
    }

    private boolean isAtMaster(URI worker) throws IOException {
        for (JsonNode known : told().get("workers")) {
            if (known.get("host").asText().equals(worker.getHost())
                    && known.get("port").asInt() == worker.getPort()
                    && known.get("state").asText().equals("ALIVE")) {
                return true;
            }
        }
        return false;
    }

    private JsonNode told() throws IOException {
        try (InputStream in = state.toURL().openStream()) {
            return new ObjectMapper().readTree(in);
        }
    }

    /** What the master says of a driver in cluster mode, such as {@code RUNNING} or {@code FINISHED}; empty if it has none. */
    String stateOfDriver(String id) throws IOException {
        JsonNode told = told();
        for (String list : List.of("activedrivers", "completeddrivers")) {
            for (JsonNode driver : told.get(list)) {
                if (driver.get("id").asText().equals(id)) {
                    return driver.get("state").asText();
                }
            }
        }
        return "";
    }

    /** Ends all workers and what they have started. */
    void killWorkers() {
        List<ProcessHandle> started = started().toList();
        workers.forEach(Process::destroyForcibly);
        started.forEach(ProcessHandle::destroyForcibly);
        workers.clear();
    }

    /** Those that live. */
    List<ProcessHandle> executors() {
        return started().filter(process -> !isDriver(process)).toList();
    }

    /** The process of a driver in cluster mode. */
    Optional<ProcessHandle> driver(String id) {
        return started().filter(process -> directoryOf(process).endsWith(id)).findFirst();
    }

    private Stream<ProcessHandle> started() {
        return workers.stream().flatMap(worker -> worker.toHandle().children()).filter(ProcessHandle::isAlive);
    }

    private static boolean isDriver(ProcessHandle process) {
        return directoryOf(process).getFileName().toString().startsWith("driver-");
    }

    /** A worker starts each process in a directory of its own. */
    private static Path directoryOf(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
        } catch (IOException ended) {
            return Path.of("nowhere");
        }
    }

    /** For an application with two executors of that many cores, one on each worker. */
    SparkConf conf(int coresOfAnExecutor) {
        return new SparkConf()
                .setMaster(url)
                .set("spark.driver.host", HOSTS.get(0))
                .set("spark.driver.bindAddress", HOSTS.get(0))
                .set("spark.ui.enabled", "false")
                .set("spark.executor.cores", Integer.toString(coresOfAnExecutor))
                .set("spark.cores.max", Integer.toString(coresOfAnExecutor * HOSTS.size()))
                .set("spark.executor.memory", "768m")
                .set("spark.executor.extraJavaOptions", String.join(" ", ForkedJvm.quickStart()))
                .set("spark.executor.extraClassPath", ForkedJvm.classPath());
    }

    @Override
    public void close() {
        killWorkers();
        master.destroyForcibly();
        delete(home.toFile());
    }

    /** Executors that end delete files of their own at the same time, so what is gone is no failure. */
    private static void delete(File file) {
        File[] entries = Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
        for (File entry : entries == null ? new File[0] : entries) {
            delete(entry);
        }
        file.delete();
    }
}
