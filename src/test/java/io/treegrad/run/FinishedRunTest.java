package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.model.TrainedModel;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedRunTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(new Configuration());

    @TempDir
    private Path directory;

    /** @param facts more than those that each record of a success has */
    private Path writeRecord(String facts) throws IOException {
        Path run = Files.createDirectories(directory.resolve("runs/n2"));
        Files.writeString(
                run.resolve(RunRecord.FILE),
                "{\"schema\":1,\"status\":\"succeeded\",\"exitCode\":0,\"runId\":\"n2\"," + facts + "}");
        return run;
    }

    /** As when the output was copied, or named by a path relative to another directory. */
    @ParameterizedTest
    @ValueSource(strings = {"elsewhere/versions/v", "elsewhere/runs/n2/model"})
    void theModelIsFoundBesideTheRunWhereverThatWasMovedTo(String recorded) throws IOException {
        Path run = writeRecord("\"model\":\"" + recorded + "\"");
        TrainedModel model = SmallRun.model(1);
        OutputDirectory output = new OutputDirectory(STORAGE, directory.toString());
        try (Lock lock = output.lockForPublishing("a test")) {
            if (recorded.endsWith("/model")) {
                output.run("n2").writeModel(lock, model); // that of a trial
            } else {
                output.publish(lock, "v", model);
            }
        }
        assertEquals(
                model.weightsSha256(),
                FinishedRun.read(STORAGE, run.toString()).model().weightsSha256());
    }

    @Test
    void aRunThatTrainedNothingNamesTheModelThatItFound() throws IOException {
        Path run = writeRecord("\"unchanged\":true,\"model\":\"out/versions/20261127T020000Z-n1\"");
        UserError error = assertThrows(UserError.class, () -> FinishedRun.read(STORAGE, run.toString()));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertEquals(
                run
                        + " trained nothing, since out/versions/20261127T020000Z-n1 would have come out again: expected a run"
                        + " that trained. Give the run of that model.",
                error.getMessage());
    }
}
