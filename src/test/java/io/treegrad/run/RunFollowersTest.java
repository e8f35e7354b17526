package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.treegrad.settings.Command;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFollowersTest {
    @TempDir
    private Path output;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String address;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void end(String hook, Map<String, String> variables) {
        new RunFollowers(settings(hook), environment(variables))
                .ended(new RunRecord().succeeded(), directory(), Instant.now());
    }

    private static Settings settings(String hook) {
        return SettingsResolver.resolve(
                Command.TRAIN, Map.of(OutputSettings.NOTIFY, hook), Optional.empty(), Map.of(), Path.of(""));
    }

    private RunEnvironment environment(Map<String, String> variables) {
        return new RunEnvironment(new PrintStream(said, true, StandardCharsets.UTF_8), variables, Path.of(""));
    }

    private RunDirectory directory() {
        return new OutputDirectory(new HadoopStorage(new Configuration()), output.toString()).run("r");
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theEndOfARunThatNeverBeganIsTold() {
        end(address + "/hook", Map.of());
        assertEquals(List.of("/hook null"), requests);
        assertEquals("", said());
    }

    @Test
    void whoIsStillBeingToldWhenTheTimeIsOverIsAWarning() {
        CountDownLatch over = new CountDownLatch(1);
        RunFollower slow = new RunFollower() {
            @Override
            public String name() {
                return "a slow one";
            }

            @Override
            public void ended(RunEnd end) throws IOException {
                awaited(over);
            }
        };
        new RunFollowers(settings("none"), environment(Map.of()), List.of(slow), Duration.ofMillis(20))
                .ended(new RunRecord().succeeded(), directory(), Instant.now());
        over.countDown();
        assertEquals("Warning: not everybody could be told in time how the run ended.\n", said());
    }

    @Test
    void aServerThatNeverAnswersHoldsTheEndNoLongerThanTheLimit() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RunEnvironment environment = environment(Map.of());
            RunFollower hook = new RunFollower.WebHook(
                    URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                    new EnvironmentProxies(environment.variables()));
            new RunFollowers(settings("none"), environment, List.of(hook), Duration.ofMillis(100))
                    .ended(new RunRecord().succeeded(), directory(), Instant.now());
            // no try is over: the shortest takes two seconds
            assertEquals("Warning: not everybody could be told in time how the run ended.\n", said());
        }
    }

    /** The head of the answer comes at once, and its content never ends. */
    @Test
    void aServerWhoseAnswerNeverEndsIsNamed() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().flush();
            awaited(over);
        });
        URI endless = URI.create(address + "/endless");
        HttpSender sender = new HttpSender(new EnvironmentProxies(Map.of()), Map.of(), Duration.ofMillis(500));
        try {
            IOException failure = assertTimeoutPreemptively(
                    Duration.ofSeconds(5),
                    () -> assertThrows(IOException.class, () -> sender.post(endless, new byte[0])));
            assertEquals("no answer in time", failure.getMessage());
        } finally {
            over.countDown();
        }
    }

    private static void awaited(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aBrokenFileOfTheRunIsAWarning() throws IOException {
        Files.createDirectories(output.resolve("runs/r"));
        Files.writeString(output.resolve("runs/r/metrics.jsonl"), "{\n");
        end(address + "/hook", Map.of());
        assertEquals(List.of(), requests);
        assertTrue(said().startsWith("Warning: nobody was told how the run ended: metrics.jsonl"), said());
    }

    @Test
    void aTokenThatNoHeaderCanHoldIsNotShown() {
        end("none", Map.of("MLFLOW_TRACKING_URI", address, "MLFLOW_TRACKING_TOKEN", "a\nT0K3N"));
        assertFalse(said().contains("T0K3N"), said());
        assertTrue(said().contains("the MLflow record could not be delivered: IllegalArgumentException."), said());
    }

    @Test
    void theEndOfTheLineIsNoPartOfAToken() {
        end("none", Map.of("MLFLOW_TRACKING_URI", address, "MLFLOW_TRACKING_TOKEN", "T0K3N\n"));
        assertTrue(requests.get(0).endsWith(" Bearer T0K3N"), requests::toString);
    }

    @Test
    void theProxyOfTheEnvironmentIsUsed() {
        end("http://hooks.example.invalid/hook", Map.of("HTTP_PROXY", address));
        assertEquals(List.of("http://hooks.example.invalid/hook null"), requests);
        assertEquals("", said());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not a url",
                "databricks",
                "file:///x",
                "sqlite:///S3CRET",
                "http:/x",
                "http://127.0.0.1:99999",
                "http://mlflow_1:5000"
            })
    void anAddressOfNoServerIsNamedByItsSettingOnly(String wrong) {
        end("none", Map.of("MLFLOW_TRACKING_URI", wrong));
        assertEquals(
                "Warning: the MLflow record could not be delivered: MLFLOW_TRACKING_URI is not the address of a server,"
                        + " expected http://HOST:PORT or https://HOST, where HOST has no underscore.",
                said.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void aLineageServerWithAWrongAddressIsNamedByItsKey() {
        OpenLineage lineage = new OpenLineage(Map.of(OpenLineage.URL, "nonsense"), new EnvironmentProxies(Map.of()));
        IOException error = assertThrows(IOException.class, () -> lineage.begun("night", Instant.now()));
        assertEquals(
                "spark.openlineage.transport.url is not the address of a server, expected http://HOST:PORT or https://HOST, where HOST has no underscore",
                error.getMessage());
    }

    @Test
    void noMlflowIsNoWarning() {
        end("none", Map.of("MLFLOW_TRACKING_URI", " "));
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }
}
