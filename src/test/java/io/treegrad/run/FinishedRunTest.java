package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.storage.HadoopStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinishedRunTest {
    @TempDir
    private Path directory;

    @Test
    void aRunThatTrainedNothingNamesTheModelThatItFound() throws IOException {
        Files.writeString(
                directory.resolve(RunRecord.FILE),
                "{\"schema\":1,\"status\":\"succeeded\",\"exitCode\":0,\"runId\":\"n2\",\"unchanged\":true,"
                        + "\"model\":\"out/versions/20261127T020000Z-n1\"}");
        UserError error = assertThrows(
                UserError.class, () -> FinishedRun.read(new HadoopStorage(new Configuration()), directory.toString()));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertEquals(
                directory
                        + " trained nothing, since out/versions/20261127T020000Z-n1 would have come out again: expected a run"
                        + " that trained. Give the run of that model.",
                error.getMessage());
    }
}
