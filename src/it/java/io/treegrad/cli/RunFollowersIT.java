package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of a run: a web hook, a lineage server and MLflow, all of them one server here; and Prometheus, which asks. */
class RunFollowersIT {
    private static final String KEY = "T0K3N/aVeryS3cretPath";

    @TempDir
    private static Path directory;

    private static Path data;
    private static HttpServer server;
    private static final List<Call> CALLS = new CopyOnWriteArrayList<>();

    private record Call(String path, String authorization, JsonNode body) {}

    @BeforeAll
    static void listen() throws IOException {
        data = SmallTraining.writeData(directory.resolve("rows.csv"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", RunFollowersIT::answer);
        server.start();
    }

    @AfterAll
    static void close() {
        server.stop(0);
    }

    @AfterEach
    void forgetKeys() {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("spark.openlineage."))
                .forEach(System::clearProperty);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean firstHook =
                path.startsWith("/services/") && CALLS.stream().noneMatch(call -> call.path.startsWith("/services/"));
        CALLS.add(new Call(
                path,
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                body.isEmpty() ? null : Invocation.parsed(body)));
        byte[] answer = (path.contains("experiments/get-by-name")
                        ? "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}"
                        : path.contains("experiments/create")
                                ? "{\"experiment_id\":\"7\"}"
                                : path.contains("runs/create") ? "{\"run\":{\"info\":{\"run_id\":\"abc\"}}}" : "{}")
                .getBytes(StandardCharsets.UTF_8);
        int status = path.contains("get-by-name") ? 404 : firstHook ? 503 : 200; // the first try fails
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static List<JsonNode> bodies(String path) {
        return CALLS.stream()
                .filter(call -> call.path.contains(path))
                .map(Call::body)
                .toList();
    }

    @Test
    void hookLineageAndMlflowHearOfARun() throws IOException {
        System.setProperty("spark.openlineage.transport.url", address());
        System.setProperty("spark.openlineage.transport.auth.apiKey", "lineage-key");
        System.setProperty("spark.openlineage.parentRunId", "0190f1de-0000-7000-8000-000000000001");
        System.setProperty("spark.openlineage.parentJobNamespace", "airflow");
        System.setProperty("spark.openlineage.parentJobName", "nightly.train");
        Map<String, String> variables = Map.of("MLFLOW_TRACKING_URI", address(), "MLFLOW_TRACKING_TOKEN", "mlflow-key");
        Invocation run = train("told", variables, "--notify", address() + "/services/" + KEY, "--json");
        JsonNode record = run.succeeded().json();

        List<JsonNode> hooks = bodies("/services/" + KEY);
        assertEquals(2, hooks.size(), "the first answer was 503");
        assertEquals(record, hooks.get(1));

        List<JsonNode> events = bodies("/api/v1/lineage");
        assertEquals(List.of("START", "COMPLETE"), texts(events, "/eventType"));
        assertEquals(1, texts(events, "/run/runId").stream().distinct().count());
        assertEquals(
                "nightly.train", events.get(0).at("/run/facets/parent/job/name").asText());
        assertEquals(data.toString(), events.get(1).at("/inputs/0/name").asText());
        assertEquals(
                record.get("model").asText(),
                events.get(1).at("/outputs/0/name").asText());

        assertEquals("nightly", bodies("runs/create").get(0).get("run_name").asText());
        List<JsonNode> batches = bodies("runs/log-batch");
        String logged = batches.toString();
        assertTrue(logged.contains("{\"key\":\"epochs\",\"value\":\"2\"}"), logged);
        assertTrue(logged.contains("\"key\":\"final.test.accuracy\""), logged);
        assertTrue(logged.contains("\"key\":\"train.loss\""), logged);
        JsonNode version = bodies("model-versions/create").get(0);
        assertEquals(record.get("model"), version.get("source"));
        assertEquals("FINISHED", bodies("runs/update").get(0).get("status").asText());
        assertTrue(CALLS.stream()
                .filter(call -> call.path.contains("mlflow"))
                .allMatch(call -> call.authorization.equals("Bearer mlflow-key")));

        String everything = run.out()
                + run.err()
                + Files.readString(directory.resolve("told/runs/nightly/run.json"))
                + Files.readString(Path.of(record.get("model").asText()).resolve("model.json"))
                + logged
                + Files.readString(directory.resolve("told/runs/nightly/report/index.html"));
        assertFalse(everything.contains("S3cret") || everything.contains("mlflow-key"), "a key is told");
        assertTrue(logged.contains("http://127.0.0.1:" + server.getAddress().getPort() + "/***"), logged);
    }

    private static List<String> texts(List<JsonNode> nodes, String pointer) {
        return nodes.stream().map(node -> node.at(pointer).asText()).toList();
    }

    @Test
    void whoCannotBeReachedIsTriedForAFewSecondsAndChangesNothing() throws IOException {
        try (ServerSocket silent =
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) { // accepts, and says nothing
            String dead = "http://127.0.0.1:" + silent.getLocalPort();
            System.setProperty("spark.openlineage.transport.url", dead);
            Map<String, String> variables = Map.of("MLFLOW_TRACKING_URI", dead);
            train("alone", Map.of()).succeeded();
            long before = System.nanoTime();
            Invocation run = train("untold", variables, "--notify", dead + "/hook/" + KEY)
                    .succeeded();
            double seconds = (System.nanoTime() - before) / 1e9;
            assertTrue(
                    run.err().contains("Warning: the notification could not be delivered: no answer in time."),
                    run.err());
            assertTrue(run.err().contains("Warning: the MLflow record could not be delivered"), run.err());
            assertFalse(run.err().contains("S3cret"), run.err());
            System.out.printf("a run whose followers are dead took %.1f s%n", seconds);
        }
    }

    @Test
    void prometheusFindsTheMetricsOfARunningJob() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, String> properties = Map.of(
                "spark.ui.enabled", "true",
                "spark.ui.port", Integer.toString(port),
                "spark.metrics.conf",
                        Path.of("conf/metrics.properties").toAbsolutePath().toString());
        List<String> words = words("scraped", "--epochs", "1000000", "--report", "false");
        try (Program program = Program.start(directory, properties, words)) {
            URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics/prometheus/");
            program.await("steps among the metrics", () -> value(metrics, "steps_Count") > 100);
            String text = text(metrics);
            for (String name : List.of(
                    "rows_Count",
                    "steps_OneMinuteRate",
                    "loss_Value",
                    "gradientNorm_Value",
                    "gradientShare_Value",
                    "computeShare_Value",
                    "exchangeShare_Value",
                    "evaluationSeconds_Value",
                    "checkpointSeconds_Value",
                    "restarts_Value")) {
                assertTrue(value(text, name) >= 0, () -> name + " in " + text);
            }
            double parts = value(text, "computeShare_Value") + value(text, "exchangeShare_Value");
            assertTrue(parts > 0 && parts < value(text, "gradientShare_Value") + 0.1, text);
            assertTrue(value(text, "rows_Count") > 100 * value(text, "steps_Count") / 2, text);
            String jobs = text(URI.create("http://127.0.0.1:" + port + "/jobs/"));
            assertTrue(jobs.contains("Read the rows"), "the pages of Spark say what a job is for");
            program.terminate();
            assertEquals(143, program.ended().code());
        }
    }

    private static double value(URI address, String name) {
        return value(text(address), name);
    }

    /** The value of a metric of ours in Prometheus' text; -1 if it is not there. */
    private static double value(String text, String name) {
        return text.lines()
                .filter(line -> line.contains("RunMetrics") && line.contains("_" + name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }

    private static String text(URI address) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return ""; // not yet
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static List<String> words(String output, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data.toString(), "--scale", "none"));
        words.addAll(List.of("--output", directory.resolve(output).toString(), "--split", "0.6,0.2,0.2"));
        words.addAll(List.of("--hidden", "8", "--run-id", "nightly"));
        words.addAll(List.of(more));
        return words;
    }

    private static Invocation train(String output, Map<String, String> variables, String... more) {
        List<String> words = words(output, more);
        words.addAll(List.of("--epochs", "2"));
        return Invocation.of(directory, variables, words.toArray(String[]::new));
    }
}
