package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.ModelCard;
import io.treegrad.settings.Command;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir
    private Path directory;

    private List<String> inspected(String path) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        new InspectCommand()
                .run(
                        SettingsResolver.resolve(Command.INSPECT, Map.of(), Optional.empty(), Map.of(), directory),
                        List.of(path),
                        new Console(stream, stream, Map.of(), directory, new Summary()));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Of step 20, after two epochs. */
    private String savedCheckpoint() {
        RunDirectory run =
                new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString()).run("nightly");
        try (Lock lock = run.lock("a test")) {
            return run.checkpoints().save(lock, SmallRun.checkpoint(20, 0.5, 0.25), 1);
        }
    }

    @Test
    void aCheckpointIsVerifiedAndDescribed() throws IOException {
        String checkpoint = savedCheckpoint();
        List<String> facts = List.of(
                "  kind           checkpoint, verified",
                "  directory      " + checkpoint,
                "  step           20",
                "  epochs         2",
                "  parameters     6",
                "  trained on     csv, train 10 rows");
        List<String> said = inspected(checkpoint);
        assertEquals(facts, said.subList(1, said.size()));
        said = inspected(checkpoint + "/state.safetensors");
        assertEquals(facts, said.subList(1, said.size()));
    }

    @Test
    void theDirectoryOfARunIsRefusedWithWhatCanBeInspected() {
        savedCheckpoint();
        RunDirectory started =
                new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString()).run("nightly");
        try (Lock lock = started.lock("a test")) {
            started.startAgain(lock);
        }
        String checkpoint = savedCheckpoint();
        String run = checkpoint.substring(0, checkpoint.indexOf("/checkpoints-2"));
        UserError error = assertThrows(UserError.class, () -> inspected(run));
        assertEquals(
                run
                        + " is the directory of a run, expected a model, a checkpoint or data. Give the output directory, which has"
                        + " the published model, or a checkpoint, such as " + checkpoint + ".",
                error.getMessage());
    }

    @Test
    void directoriesOfRunsAndVersionsAreNotTakenForDataInJson() throws IOException {
        savedCheckpoint();
        OutputDirectory output = new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString());
        try (Lock lock = output.lockForPublishing("a test")) {
            output.publish(lock, "20260101T000000Z-old", SmallRun.model(1));
        }
        String sentence =
                " expected a model, a checkpoint or data. Give the output directory, which has the published model";
        String runs = directory + "/runs";
        assertEquals(
                runs + " holds runs," + sentence + ".",
                assertThrows(UserError.class, () -> inspected(runs)).getMessage());
        String versions = directory + "/versions/";
        assertEquals(
                versions + " holds versions," + sentence + ", or one of them, such as " + versions
                        + "20260101T000000Z-old.",
                assertThrows(UserError.class, () -> inspected(versions)).getMessage());
    }

    @Test
    void theCardOfAModelFitsEightyColumns() throws IOException {
        OutputDirectory output = new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString());
        ModelCard card = new ModelCard(
                "Tells which of 3 classes a row of 4 values is in.",
                "validation",
                List.of(),
                List.of(
                        "There were no test rows: it was measured on validation rows, which had a part in the training.",
                        "short"),
                "train");
        try (Lock lock = output.lockForPublishing("a test")) {
            output.publish(lock, "20260101T000000Z-old", SmallRun.model(1).with(card));
        }
        List<String> said = inspected(directory.toString());
        List<String> named = inspected(directory + "/versions/20260101T000000Z-old/model.json");
        assertEquals(said.subList(1, said.size()), named.subList(1, named.size()));
        assertEquals(
                List.of(
                        "  card           Tells which of 3 classes a row of 4 values is in.",
                        "                 There were no test rows: it was measured on validation rows,",
                        "                   which had a part in the training.",
                        "                 short",
                        "                 The same weights: train"),
                said.subList(said.size() - 5, said.size()));
    }

    @Test
    void namesOfClassesStayOnTheirLine() throws IOException {
        Path data = Files.writeString(
                directory.resolve("x.csv"), "a,label\n1,\"two\nlines\"\n2,cat\n3,cat\n4,\"two\nlines\"\n");
        assertTrue(inspected(data.toString()).contains("  classes        [cat, two\\u000alines]"));
    }

    @Test
    void aDamagedCheckpointIsRefused() throws IOException {
        String checkpoint = savedCheckpoint();
        Path state = Path.of(checkpoint, "state.safetensors");
        byte[] bytes = Files.readAllBytes(state);
        bytes[bytes.length - 1] ^= 1;
        Files.write(state, bytes);
        UserError error = assertThrows(UserError.class, () -> inspected(checkpoint));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
    }
}
