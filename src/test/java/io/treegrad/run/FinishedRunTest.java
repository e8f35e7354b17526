package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.EpochLine;
import io.treegrad.model.TrainedModel;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.EpochResult;
import io.treegrad.training.MetricValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    void comparedRunsDifferInWhatWasTriedAndNotInWhereTheyWrote() throws IOException {
        Path run = writeRecord("\"model\":\"m\",\"seconds\":{\"total\":2,\"train\":1,\"checkpoints\":0}");
        EpochResult epoch = new EpochResult(1, 10, MetricValues.ofTraining(0.5, 0.5), null);
        Files.write(run.resolve(EpochLine.FILE), EpochLine.toBytes(List.of(EpochLine.of(epoch, 10, 1.0))));
        List<FinishedRun> runs = new ArrayList<>();
        for (String rate : List.of("0.1", "0.2")) {
            Map<String, String> settings =
                    Map.of("learning-rate", rate, "seed", "1", "run-id", rate, "progress", rate, "warm-start", rate);
            OutputDirectory output = new OutputDirectory(STORAGE, directory.toString());
            RunRecord record =
                    RunRecord.parse(output.run("n2").read(RunRecord.FILE).orElseThrow(), "run.json");
            runs.add(new FinishedRun(record, output.run("n2"), SmallRun.model(1, settings)));
        }
        String page = new String(FinishedRun.comparison(runs), StandardCharsets.UTF_8);
        assertTrue(page.contains("2 runs that differ in learning-rate."), page);
        String ofSweep = new String(FinishedRun.comparison(runs, List.of(), 1), StandardCharsets.UTF_8);
        assertTrue(ofSweep.contains("2 runs that differ in learning-rate. Of 3 in all, 1 diverged."), ofSweep);
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
