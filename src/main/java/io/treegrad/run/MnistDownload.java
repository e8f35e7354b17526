package io.treegrad.run;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.Printable;
import io.treegrad.common.Sha256;
import io.treegrad.common.UserError;
import io.treegrad.model.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The four MNIST files from their mirrors. A file gets its name only after its SHA-256 has been verified, so a
 * directory never holds a partial file, and a second call fetches only what is missing.
 *
 * @param files what to fetch
 * @param mirrors directories on the web, ending in a slash, in the order they are tried
 * @param answerLimit how long the name lookup, the connection and the beginning of the answer of a mirror may take
 * @param fileLimit how long the rest of a file may take
 */
public record MnistDownload(List<RemoteFile> files, List<URI> mirrors, Duration answerLimit, Duration fileLimit) {

    /** A file and its expected content. */
    record RemoteFile(String name, long size, String sha256) {}

    private static final List<RemoteFile> MNIST = List.of(
            new RemoteFile(
                    "train-images-idx3-ubyte.gz",
                    9_912_422,
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            new RemoteFile(
                    "train-labels-idx1-ubyte.gz",
                    28_881,
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            new RemoteFile(
                    "t10k-images-idx3-ubyte.gz",
                    1_648_877,
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            new RemoteFile(
                    "t10k-labels-idx1-ubyte.gz",
                    4_542,
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    private static final List<URI> MIRRORS = List.of(
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));

    public MnistDownload {
        files = List.copyOf(files);
        mirrors = List.copyOf(mirrors);
    }

    /** With long time limits, for a user who waits for the download. */
    public static MnistDownload patient() {
        return new MnistDownload(MNIST, MIRRORS, Duration.ofSeconds(20), Duration.ofMinutes(10));
    }

    /**
     * With short time limits, for a run that does not need it: a network that drops packets costs about five seconds.
     */
    static MnistDownload brief() {
        return new MnistDownload(MNIST, MIRRORS, Duration.ofMillis(2_500), Duration.ofMinutes(2));
    }

    /**
     * Downloads the missing files into a directory, which is created if necessary. An existing file with the right name
     * but other content is kept under a new name.
     *
     * @param proxies how to reach the mirrors
     * @param log receives a sentence for each file
     * @throws UserError TRY_AGAIN if no mirror sent a file, CANNOT_WRITE for the directory
     */
    public void into(Path directory, EnvironmentProxies proxies, Consumer<String> log) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(answerLimit)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .proxy(proxies)
                .build();
        for (RemoteFile file : files) {
            Path target = directory.resolve(file.name());
            if (isWhole(target, file)) {
                log.accept(target + " is already there and verified");
            } else {
                fetch(client, file, target, log);
            }
        }
    }

    private void fetch(HttpClient client, RemoteFile file, Path target, Consumer<String> log) {
        List<String> reasons = new ArrayList<>();
        for (URI mirror : mirrors) {
            URI source = mirror.resolve(file.name());
            Path unfinished = target.resolveSibling("." + file.name() + "." + UUID.randomUUID() + ".part");
            try {
                String sha256 = receive(client, source, file, unfinished);
                if (sha256.equals(file.sha256())) {
                    publish(unfinished, target, log);
                    log.accept(target + " from " + mirror.getHost() + " (" + file.size() + " bytes, SHA-256 verified)");
                    return;
                }
                reasons.add(mirror.getHost() + ": the SHA-256 is " + sha256 + ", expected " + file.sha256());
            } catch (IOException e) {
                reasons.add(mirror.getHost() + ": " + inWords(e));
            } finally {
                delete(unfinished);
            }
        }
        throw new UserError(
                UserError.Kind.TRY_AGAIN,
                "MNIST's " + file.name() + " could not be fetched:\n  " + String.join("\n  ", reasons)
                        + "\nCheck the network and the proxy (HTTPS_PROXY) and try again, or put the four files into "
                        + target.getParent() + " yourself.");
    }

    /** Writes what the mirror sends, but stops when it is too long, and returns its SHA-256. */
    private String receive(HttpClient client, URI source, RemoteFile file, Path unfinished) throws IOException {
        HttpResponse<InputStream> response = ask(client, source);
        CompletableFuture<Void> watchdog = new CompletableFuture<>();
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("answered with HTTP status " + response.statusCode());
            }
            // closing the stream ends a read that waits for ever
            var unused = watchdog.completeOnTimeout(null, fileLimit.toMillis(), TimeUnit.MILLISECONDS)
                    .thenRun(() -> closeQuietly(body));
            MessageDigest digest = Sha256.start();
            long received = 0;
            byte[] buffer = new byte[1 << 16];
            try (OutputStream out = create(unfinished)) {
                for (int n = body.read(buffer); n > 0 && received <= file.size(); n = body.read(buffer)) {
                    received += n;
                    digest.update(buffer, 0, n);
                    write(out, buffer, n, unfinished);
                }
            }
            if (watchdog.isDone()) {
                throw new IOException(
                        "sent only " + received + " of " + file.size() + " bytes in " + fileLimit.toSeconds() + " s");
            }
            if (received != file.size()) {
                throw new IOException(
                        "sent " + (received > file.size() ? "more than " : received + " of ") + file.size() + " bytes");
            }
            return Sha256.hex(digest);
        } catch (IOException e) {
            if (watchdog.isDone()) {
                throw new IOException("did not send the file within " + fileLimit.toSeconds() + " s", e);
            }
            throw e;
        } finally {
            watchdog.cancel(false);
        }
    }

    private HttpResponse<InputStream> ask(HttpClient client, URI source) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(source).timeout(answerLimit).GET().build();
        CompletableFuture<HttpResponse<InputStream>> answer = new CompletableFuture<>();
        // in a separate thread, because a name lookup can block for longer than any limit of the client
        Thread asker = new Thread(
                () -> {
                    try {
                        answer.complete(client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "mnist-download");
        asker.setDaemon(true);
        asker.start();
        try {
            return answer.get(answerLimit.toMillis() + 200, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void publish(Path unfinished, Path target, Consumer<String> log) {
        try {
            if (Files.exists(target)) {
                Path aside = target.resolveSibling(target.getFileName() + ".other-" + UUID.randomUUID());
                Files.move(target, aside);
                log.accept(target + " was another file: it is now " + aside.getFileName());
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    static boolean isWhole(Path path, RemoteFile file) {
        try {
            if (!Files.isRegularFile(path) || Files.size(path) != file.size()) {
                return false;
            }
            try (InputStream in = Files.newInputStream(path)) {
                return FileDigest.of(in).sha256().equals(file.sha256());
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static String inWords(IOException e) {
        if (e instanceof HttpConnectTimeoutException) {
            return "no connection in time";
        }
        if (e instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (e instanceof ConnectException) {
            return e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException
                    ? "unknown host"
                    : "connection refused or network unreachable";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : Printable.plain(e.getMessage());
    }

    private static OutputStream create(Path path) {
        try {
            return Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static void write(OutputStream out, byte[] buffer, int n, Path path) {
        try {
            out.write(buffer, 0, n);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static void delete(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // nothing reads a file of this name
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // the reader sees the end
        }
    }

    private static UserError cannotWrite(Path path, IOException e) {
        return new UserError(
                UserError.Kind.CANNOT_WRITE,
                path + " cannot be written (" + Printable.plain(OutsideFailure.reason(e))
                        + "): expected a directory with room that you may write to. Give another with"
                        + " fetch-data --to DIR.",
                e);
    }
}
