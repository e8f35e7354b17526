package io.treegrad.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One page in a headless Chromium, spoken to by the Chrome DevTools Protocol: it tells of every request and of every line
 * on the console, and a mouse there is a mouse. Closing ends the process.
 */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Against waiting for ever; a machine with other work to do may need a good part of it. */
    private static final long LIMIT_SECONDS = 240;

    private final Process process;
    private final Path profile;
    /** Kept, since a client that is collected takes its sockets along. */
    private final HttpClient client = HttpClient.newHttpClient();

    private final WebSocket socket;
    private final Map<Long, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    /** What went wrong in the page: uncaught exceptions, errors and warnings on its console, refused resources. */
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private long nextId;

    private Chromium(Process process, Path profile, URI page) {
        this.process = process;
        this.profile = profile;
        this.socket =
                client.newWebSocketBuilder().buildAsync(page, new Listener()).join();
    }

    /** Where Chromium lies on the path, under any of its names. */
    static Optional<String> executable() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> List.of("chromium", "chromium-browser", "google-chrome").stream()
                        .map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** A browser with a profile of its own, on an empty page. */
    static Chromium start(String executable) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("chromium");
        Process process = new ProcessBuilder(
                        executable,
                        "--headless=new",
                        // the sandbox wants rights that containers and root lack; the page is our own
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        try {
            return new Chromium(process, profile, page(port(process)));
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Opens a file and waits until it and what it loads are there. */
    void open(Path file, int width, int height, boolean dark) throws Exception {
        send("Page.enable", object());
        send("Runtime.enable", object());
        send("Log.enable", object());
        send("Network.enable", object());
        size(width, height);
        ObjectNode media = object();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        send("Emulation.setEmulatedMedia", media);
        send("Page.navigate", object().put("url", file.toUri().toString()));
        loaded.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    void size(int width, int height) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                object().put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
    }

    /** The value of an expression in the page; a promise is waited for. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer = send(
                "Runtime.evaluate",
                object().put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        Awaitility.await(expression)
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(LIMIT_SECONDS))
                .until(() -> evaluate(expression).asBoolean());
    }

    void move(double x, double y) throws Exception {
        mouse("mouseMoved", x, y, 0);
    }

    void press(double x, double y) throws Exception {
        mouse("mousePressed", x, y, 1);
    }

    void release(double x, double y) throws Exception {
        mouse("mouseReleased", x, y, 1);
    }

    void key(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    object().put("type", type).put("key", key).put("code", key));
        }
    }

    List<String> complaints() {
        return complaints;
    }

    List<String> requests() {
        return requests;
    }

    /** The whole page as PNG. */
    byte[] picture(int width) throws Exception {
        int height = evaluate("document.documentElement.scrollHeight").asInt();
        ObjectNode options = object().put("captureBeyondViewport", true);
        options.putObject("clip")
                .put("x", 0)
                .put("y", 0)
                .put("width", width)
                .put("height", height)
                .put("scale", 1);
        return Base64.getDecoder()
                .decode(send("Page.captureScreenshot", options).get("data").asText());
    }

    /** Asks it to end, which lets it take its own files along, and makes it end if it does not. */
    @Override
    public void close() throws IOException {
        socket.sendText(object().put("id", 0).put("method", "Browser.close").toString(), true)
                .exceptionally(ended -> socket)
                .join();
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        socket.abort();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void mouse(String type, double x, double y, int buttons) throws Exception {
        send(
                "Input.dispatchMouseEvent",
                object().put("type", type)
                        .put("x", x)
                        .put("y", y)
                        .put("button", buttons == 0 ? "none" : "left")
                        .put("buttons", type.equals("mouseReleased") ? 0 : buttons)
                        .put("clickCount", buttons));
    }

    private JsonNode send(String method, ObjectNode parameters) throws Exception {
        long id = ++nextId;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = object().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true).join();
        JsonNode response = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (response.has("error")) {
            throw new AssertionError(method + ": " + response.get("error"));
        }
        return response.get("result");
    }

    private void receive(JsonNode message) {
        JsonNode parameters = message.path("params");
        if (message.has("id")) {
            CompletableFuture<JsonNode> waiting =
                    answers.remove(message.get("id").asLong());
            if (waiting != null) {
                waiting.complete(message);
            }
            return;
        }
        switch (message.path("method").asText()) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Network.requestWillBeSent" ->
                requests.add(parameters.path("request").path("url").asText());
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (!parameters.path("type").asText().equals("log")) {
                    complaints.add(parameters.toString());
                }
            }
            case "Log.entryAdded" -> complaints.add(parameters.path("entry").toString());
            default -> {}
        }
    }

    /** Chromium says its port in its first lines; the rest of its output is read away so that it never blocks. */
    private static int port(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith("DevTools listening on ")) {
                Thread rest = new Thread(() -> output.lines().forEach(ignored -> {}), "chromium-output");
                rest.setDaemon(true);
                rest.start();
                return URI.create(line.substring(line.indexOf("ws://"))).getPort();
            }
        }
        throw new IOException("Chromium ended without listening: " + lines);
    }

    private static URI page(int port) throws IOException, InterruptedException {
        HttpResponse<String> targets = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        for (JsonNode target : JSON.readTree(targets.body())) {
            if (target.path("type").asText().equals("page")) {
                return URI.create(target.get("webSocketDebuggerUrl").asText());
            }
        }
        throw new IOException("Chromium has no page: " + targets.body());
    }

    private static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Joins the pieces of a message and hands it on. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder pieces = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            pieces.append(text);
            if (last) {
                try {
                    receive(JSON.readTree(pieces.toString()));
                } catch (IOException notJson) {
                    complaints.add(notJson.toString());
                }
                pieces.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
