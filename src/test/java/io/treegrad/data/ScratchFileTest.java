package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFileTest {
    @Test
    void anyPartComesBack(@TempDir Path directory) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] written = new byte[5000];
        random.nextBytes(written);
        try (ScratchFile file = new ScratchFile(directory.resolve("scratch"))) {
            for (int at = 0; at < written.length; ) {
                int count = Math.min(written.length - at, 1 + random.nextInt(300));
                file.append(Arrays.copyOfRange(written, at, at + count), count);
                at += count;
            }
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(written.length);
                byte[] read = new byte[random.nextInt(written.length - from)];
                file.read(from, read, read.length);
                assertArrayEquals(Arrays.copyOfRange(written, from, from + read.length), read, "seed " + seed);
            }
            assertThrows(EOFException.class, () -> file.read(4990, new byte[20], 20));
        }
    }

    @Test
    void thereIsNoNameAndNoText(@TempDir Path directory) throws IOException {
        Path name = directory.resolve("scratch");
        Path linked = directory.resolve("linked");
        Files.createFile(name);
        Files.createLink(linked, name);
        try (ScratchFile file = new ScratchFile(name)) {
            assertFalse(Files.exists(name));
            byte[] text = "what nobody else should read".getBytes(StandardCharsets.US_ASCII);
            file.append(text.clone(), text.length);
            assertFalse(new String(Files.readAllBytes(linked), StandardCharsets.ISO_8859_1).contains("nobody"));
        }
    }
}
