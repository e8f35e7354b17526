package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.treegrad.common.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MnistDownloadTest {
    private static final byte[] IMAGES = "images".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    private static final byte[] LABELS = "labels".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> log = new ArrayList<>();
    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        serve("/good/images", 200, IMAGES);
        serve("/good/labels", 200, LABELS);
        server.start();
    }

    @AfterEach
    void stopServer() {
        testIsOver.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void filesArriveWholeAndASecondCallAsksForNothing() throws IOException {
        download("/good/").into(directory, direct(), log::add);
        assertArrayEquals(IMAGES, Files.readAllBytes(directory.resolve("images")));
        assertArrayEquals(LABELS, Files.readAllBytes(directory.resolve("labels")));
        assertEquals(List.of("/good/images", "/good/labels"), requests);
        download("/good/").into(directory, direct(), log::add);
        assertEquals(2, requests.size());
        assertHolds("images", "labels");
    }

    @Test
    void onlyWhatIsMissingIsFetchedAgain() throws IOException {
        Files.write(directory.resolve("images"), IMAGES);
        download("/good/").into(directory, direct(), log::add);
        assertEquals(List.of("/good/labels"), requests);
    }

    @Test
    void nextMirrorIsAskedWhenOneFails() throws IOException {
        byte[] wrong = IMAGES.clone();
        wrong[7] ^= 1;
        serve("/wrong/images", 200, wrong);
        serve("/missing/images", 404, LABELS);
        serve("/short/images", 200, LABELS);
        serve("/long/images", 200, "x".repeat(IMAGES.length + 100_000).getBytes(StandardCharsets.UTF_8));
        download("/wrong/", "/missing/", "/short/", "/long/", "/good/").into(directory, direct(), log::add);
        assertArrayEquals(IMAGES, Files.readAllBytes(directory.resolve("images")));
        assertHolds("images", "labels");
    }

    @Test
    void whenEachMirrorFailsItIsWorthTryingAgainAndNothingIsLeft() throws IOException {
        byte[] wrong = IMAGES.clone();
        wrong[7] ^= 1;
        serve("/wrong/images", 200, wrong);
        UserError error = assertThrows(
                UserError.class, () -> download("/wrong/", "/missing/").into(directory, direct(), log::add));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(error.getMessage().contains("the SHA-256 is "), error.getMessage());
        assertTrue(error.getMessage().contains("HTTP status 404"), error.getMessage());
        assertHolds();
    }

    @Test
    void refusedConnectionIsSaidInWords() {
        server.stop(0);
        UserError error = assertThrows(UserError.class, () -> download("/good/").into(directory, direct(), log::add));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(error.getMessage().contains("connection refused or network unreachable"), error.getMessage());
    }

    @Test
    void mirrorThatNeverAnswersIsLeft() {
        handle("/silent/images", exchange -> await(testIsOver));
        UserError error =
                assertThrows(UserError.class, () -> download("/silent/").into(directory, direct(), log::add));
        assertTrue(error.getMessage().contains("no answer in time"), error.getMessage());
    }

    @Test
    void mirrorThatStopsInTheMiddleIsLeft() throws IOException {
        handle("/stuck/images", exchange -> {
            exchange.sendResponseHeaders(200, IMAGES.length);
            exchange.getResponseBody().write(IMAGES, 0, 1000);
            exchange.getResponseBody().flush();
            await(testIsOver);
        });
        UserError error =
                assertThrows(UserError.class, () -> download("/stuck/").into(directory, direct(), log::add));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(
                error.getMessage().contains("in 1 s") || error.getMessage().contains("within 1 s"), error.getMessage());
        assertHolds();
    }

    @Test
    void otherFileOfTheSameNameIsKeptAside() throws IOException {
        Files.write(directory.resolve("labels"), IMAGES);
        download("/good/").into(directory, direct(), log::add);
        assertArrayEquals(LABELS, Files.readAllBytes(directory.resolve("labels")));
        try (var files = Files.list(directory)) {
            Path aside = files.filter(file -> file.getFileName().toString().startsWith("labels.other-"))
                    .findFirst()
                    .orElseThrow();
            assertArrayEquals(IMAGES, Files.readAllBytes(aside));
        }
    }

    @Test
    void directoryThatCannotBeMadeIsCannotWrite() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        UserError error =
                assertThrows(UserError.class, () -> download("/good/").into(file.resolve("below"), direct(), log::add));
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        error = assertThrows(UserError.class, () -> download("/good/").into(file, direct(), log::add));
        assertTrue(
                error.getMessage().startsWith(file + " cannot be written (FileAlreadyExistsException "),
                error.getMessage());
        assertEquals(List.of(), requests);
    }

    @Test
    void proxyOfTheEnvironmentIsAskedInsteadOfTheMirror() throws IOException {
        String proxy = "127.0.0.1:" + server.getAddress().getPort();
        new MnistDownload(
                        files(),
                        List.of(URI.create("http://mirror.invalid/good/")),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5))
                .into(directory, new EnvironmentProxies(Map.of("http_proxy", proxy)), log::add);
        assertHolds("images", "labels");
    }

    @Test
    void exemptHostsNeedNoProxy() {
        EnvironmentProxies proxies = new EnvironmentProxies(
                Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", "localhost, .example.org"));
        assertEquals(
                InetSocketAddress.createUnresolved("proxy", 3128),
                proxies.select(URI.create("https://example.com/")).get(0).address());
        assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create("https://a.example.org/")));
        assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create("https://localhost/")));
        assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create("http://example.com/")));
        assertFalse(proxies.select(URI.create("https://anexample.org/")).contains(Proxy.NO_PROXY));
    }

    private MnistDownload download(String... paths) {
        String host = "http://127.0.0.1:" + server.getAddress().getPort();
        List<URI> mirrors = new ArrayList<>();
        for (String path : paths) {
            mirrors.add(URI.create(host + path));
        }
        return new MnistDownload(files(), mirrors, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    private static List<MnistDownload.RemoteFile> files() {
        return List.of(file("images", IMAGES), file("labels", LABELS));
    }

    private static MnistDownload.RemoteFile file(String name, byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new MnistDownload.RemoteFile(
                    name, bytes.length, HexFormat.of().formatHex(digest));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void serve(String path, int status, byte[] body) {
        handle(path, exchange -> {
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
    }

    private void handle(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            handler.handle(exchange);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static EnvironmentProxies direct() {
        return new EnvironmentProxies(Map.of());
    }

    private void assertHolds(String... names) throws IOException {
        try (var files = Files.list(directory)) {
            assertEquals(
                    List.of(names),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }
}
