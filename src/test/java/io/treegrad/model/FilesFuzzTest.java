package io.treegrad.model;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.treegrad.common.UserError;
import io.treegrad.testing.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/** Whatever the bytes of a file of a model are, even where its manifest was forged, only an error for the user escapes. */
class FilesFuzzTest {
    private interface Reading {
        void run() throws IOException;
    }

    private static void refusedAtMost(Reading reading) throws IOException {
        try {
            reading.run();
        } catch (UserError expected) {
            // told with value, expectation and fix
        }
    }

    private static void forged(String name, byte[] bytes) throws IOException {
        MemoryStorage storage = MemoryStorage.holding("m", ModelFiles.contents(SmallModel.create()));
        storage.forge("m", name, bytes);
        refusedAtMost(() -> ModelFiles.read(storage, "m"));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void description(byte[] bytes) throws IOException {
        forged(ModelFiles.DESCRIPTION, bytes);
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void weights(byte[] bytes) throws IOException {
        forged(ModelFiles.WEIGHTS, bytes);
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void safeTensors(byte[] bytes) throws IOException {
        refusedAtMost(() -> SafeTensors.read(new ByteArrayInputStream(bytes), bytes.length, "x.safetensors"));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void manifest(byte[] bytes) throws IOException {
        MemoryStorage storage = MemoryStorage.holding("m", ModelFiles.contents(SmallModel.create()));
        storage.put("m/" + Manifest.FILE, bytes);
        refusedAtMost(() -> ModelFiles.read(storage, "m"));
    }

    /** The files of a checkpoint, told apart by the first byte. */
    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void checkpoint(byte[] bytes) throws IOException {
        boolean meta = bytes.length > 0 && bytes[0] == '{';
        MemoryStorage storage = MemoryStorage.holding(
                "c",
                Map.of(
                        "meta.json", out -> out.write(meta ? bytes : new byte[] {'{', '}'}),
                        "state.safetensors", out -> out.write(meta ? new byte[8] : bytes)));
        refusedAtMost(() -> Checkpoint.read(storage, "c"));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void current(byte[] bytes) throws IOException {
        refusedAtMost(() -> {
            String version = ModelFiles.parseCurrent(bytes, "CURRENT");
            if (version.contains("/") || version.startsWith(".") || version.isBlank()) {
                throw new IllegalStateException("the version " + version);
            }
        });
    }
}
