package io.treegrad.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Sends JSON to a server that may be slow or gone: three tries each, and altogether no longer than a limit. */
final class HttpSender {
    /** How long all that is sent to one server may take together. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Pattern HTTP = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);
    private static final int LAST_PORT = 65_535;
    private static final int TRIES = 3;
    private static final Duration LONGEST_TRY = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final Map<String, String> headers;
    private final long end;

    /** What the server answered. */
    record Answer(int status, JsonNode body) {
        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /** @param headers of each request, such as the authorization */
    HttpSender(EnvironmentProxies proxies, Map<String, String> headers) {
        this(proxies, headers, LIMIT);
    }

    HttpSender(EnvironmentProxies proxies, Map<String, String> headers, Duration limit) {
        this.end = System.nanoTime() + limit.toNanos();
        this.client = HttpClient.newBuilder()
                .proxy(proxies)
                .connectTimeout(LONGEST_TRY)
                .build();
        this.headers = headers;
    }

    /**
     * An address below that of a server, with one slash between the two.
     *
     * @param setting that names the server
     * @throws IOException if it does not; the message shows the setting, and no address, since that may hold a password
     */
    static URI address(String setting, String server, String path) throws IOException {
        try {
            URI address = new URI((server.endsWith("/") ? server : server + "/") + path.replaceFirst("^/", ""));
            if (HTTP.matcher(server).lookingAt() && address.getHost() != null && address.getPort() <= LAST_PORT) {
                return address;
            }
        } catch (URISyntaxException e) {
            // as said below
        }
        throw new IOException(setting + " is not the address of a server, expected http://HOST:PORT or https://HOST,"
                + " where HOST has no underscore");
    }

    /** @throws IOException if no try got an answer, or the server refused it; its message shows no address */
    JsonNode post(URI address, byte[] json) throws IOException {
        Answer answer = ask("POST", address, json);
        if (!answer.isSuccess()) {
            throw new IOException("it answered with status " + answer.status);
        }
        return answer.body;
    }

    /** The answer, whatever its status. */
    Answer ask(String method, URI address, byte[] json) throws IOException {
        IOException last = new IOException("no time was left");
        for (int attempt = 1; attempt <= TRIES && left().compareTo(Duration.ZERO) > 0; attempt++) {
            try {
                Answer answer = once(method, address, json);
                if (answer.status < SERVER_ERROR && answer.status != TOO_MANY_REQUESTS) {
                    return answer;
                }
                last = new IOException("it answered with status " + answer.status);
            } catch (HttpTimeoutException e) {
                last = new IOException("no answer in time", e);
            } catch (IOException e) {
                last = new IOException("no connection", e); // its own message may hold the address
            }
            if (attempt < TRIES) {
                pause(PAUSE.multipliedBy(attempt));
            }
        }
        throw last;
    }

    /** The limit of a request of {@link HttpClient} ends with the head of the answer; this one holds for all of it. */
    private Answer once(String method, URI address, byte[] json) throws IOException {
        Duration time = left().compareTo(LONGEST_TRY) < 0 ? left() : LONGEST_TRY;
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<byte[]>> sent =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response = sent.get(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), parsed(response.body()));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer in " + time);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            sent.cancel(true);
        }
    }

    /** Answers need not be JSON. */
    private static JsonNode parsed(byte[] body) {
        try {
            JsonNode node = JSON.readTree(new String(body, StandardCharsets.UTF_8));
            return node == null ? JSON.missingNode() : node;
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    private static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
