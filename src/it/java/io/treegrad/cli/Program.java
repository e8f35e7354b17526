package io.treegrad.cli;

import io.treegrad.testing.ForkedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The program as a process of its own, which can be stopped and killed, on two threads. */
final class Program implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Process process;
    private final Path out;
    private final Path err;

    private Program(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * @param directory where it may leave logs and Spark's own files
     * @param properties system properties, as spark-submit hands them over
     */
    static Program start(Path directory, Map<String, String> properties, List<String> words) throws IOException {
        return start(directory, List.of(), properties, words);
    }

    /** One that can write no file of more than so many KiB. */
    static Program startLimited(Path directory, int kibibytes, List<String> words) throws IOException {
        String limited = "ulimit -f " + kibibytes + " && exec \"$@\"";
        return start(directory, List.of("bash", "-c", limited, "limited"), Map.of(), words);
    }

    private static Program start(
            Path directory, List<String> before, Map<String, String> properties, List<String> words)
            throws IOException {
        Path own = Files.createDirectories(directory.resolve("process-" + UUID.randomUUID()));
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-Dspark.master=local[2]"));
        options.addAll(List.of("-Dspark.local.dir=" + own, "-Djava.io.tmpdir=" + own));
        properties.forEach((name, value) -> options.add("-D" + name + "=" + value));
        Path out = own.resolve("out");
        Path err = own.resolve("err");
        ProcessBuilder builder = ForkedJvm.of(options, Main.class, words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(0, before);
        return new Program(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing of it runs any more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends a signal by its name, as in {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        signal(name, 1);
    }

    /** Sends it several times, a thousandth of a second apart, as when a key is held down. */
    void signal(String name, int times) throws IOException, InterruptedException {
        String once = "kill -" + name + " " + process.pid();
        int code = new ProcessBuilder("bash", "-c", (once + " && sleep 0.001 && ").repeat(times - 1) + once)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + name + " ended with " + code + ": " + said());
        }
    }

    /** What it has said so far, on standard error. */
    String err() {
        try {
            return Files.readString(err, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it ended by itself in that time. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Until something has happened that this process does. */
    Program await(String what, BooleanSupplier happened) throws IOException {
        try {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(LONGEST)
                    .until(() -> happened.getAsBoolean() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no " + what + ": " + said(), e);
        }
        if (!happened.getAsBoolean()) {
            throw new AssertionError("no " + what + ": " + said());
        }
        return this;
    }

    /** Its end, which is waited for. */
    Invocation ended() throws IOException, InterruptedException {
        if (!endsWithin(LONGEST)) {
            throw new AssertionError("no end within " + LONGEST + ": " + said());
        }
        return said();
    }

    private Invocation said() throws IOException {
        return new Invocation(
                process.isAlive() ? -1 : process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        kill();
    }
}
