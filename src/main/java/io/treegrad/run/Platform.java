package io.treegrad.run;

import io.treegrad.common.Sha256;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine and the program version of a run. */
public final class Platform {
    private static final int CODE_DIGITS = 12;

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

    /**
     * Version and code of this program, as in {@code 0.1.0+3f2a9c41d0b7}: the same only if its jar, or each of its class
     * files, has the same bytes. Without digits after the version if the code cannot be read.
     */
    static String program() {
        return build().orElseGet(Platform::version);
    }

    /** {@link #program} if the code can be read. */
    static Optional<String> build() {
        return Code.DIGEST.map(digest -> version() + "+" + digest.substring(0, CODE_DIGITS));
    }

    /** The code that this JVM runs; read once. */
    private static final class Code {
        private static final Optional<String> DIGEST = digest();

        private static Optional<String> digest() {
            try {
                Path place = Path.of(Platform.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                try (Stream<Path> files = Files.walk(place)) {
                    MessageDigest digest = Sha256.start();
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        digest.update(place.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                        digest.update(Files.readAllBytes(file));
                    }
                    return Optional.of(Sha256.hex(digest));
                }
            } catch (IOException | URISyntaxException | RuntimeException e) {
                return Optional.empty(); // such as a jar that is not on a local disk
            }
        }
    }

    /**
     * The version of this program, which the manifest of each of its jars tells; there is none when classes run from a
     * directory.
     */
    public static String version() {
        return Optional.ofNullable(Platform.class.getPackage().getImplementationVersion())
                .orElse("(development)");
    }
}
