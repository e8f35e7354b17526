package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTest {
    @TempDir
    private Path output;

    private Optional<RunRecord> earlier(String json) throws IOException {
        Path run = Files.createDirectories(output.resolve("runs/nightly"));
        Files.writeString(run.resolve("run.json"), json);
        return RunRecord.earlier(
                new OutputDirectory(new HadoopStorage(new Configuration()), output.toString()).run("nightly"));
    }

    @Test
    void whatAnEarlierStartRecordedIsReadUnlessACrashCutItShort() throws IOException {
        String whole = "{\"schema\":1,\"status\":\"succeeded\",\"exitCode\":0}\n";
        assertTrue(earlier(whole).orElseThrow().hasSucceeded());
        for (int length = 0; length < whole.length() - 1; length++) {
            assertEquals(Optional.empty(), earlier(whole.substring(0, length)));
        }
    }

    /** Else a run that has finished would be published again, in place of the champion of today. */
    @Test
    void aRecordOfAnotherVersionOfTheProgramIsRefused() throws IOException {
        UserError error =
                assertThrows(UserError.class, () -> earlier("{\"schema\":2,\"status\":\"succeeded\",\"how\":[]}\n"));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals(
                output
                        + "/runs/nightly/run.json: schema is 2, expected 1. Use the treegrad version that wrote it, or give the run another name.",
                error.getMessage());
    }
}
