package io.treegrad.run;

import io.treegrad.data.Part;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.Fingerprint;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.spark.SmallRun;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.TrainingState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** A run with checkpoints on a local disk, as it is between two steps; no cluster is needed for that. */
final class InterruptedRun implements AutoCloseable {
    /** Of the run that wrote the checkpoints. */
    static final Fingerprint FINGERPRINT =
            new Fingerprint(Map.of("seed", "1"), "csv", Map.of(Part.TRAIN, 10L), Map.of("a.csv", "0".repeat(64)));

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final RunContext context;
    private final StopSignal stop = StopSignal.listen();
    private final Lock lock;

    InterruptedRun(Path directory, Map<Setting<?>, String> options) {
        HadoopStorage storage = new HadoopStorage(new Configuration());
        RunDirectory run = new OutputDirectory(storage, directory.toString()).run("night");
        RunRecord record = new RunRecord();
        record.runId = "night";
        lock = run.lock("a test");
        context = new RunContext(
                SettingsResolver.resolve(Command.TRAIN, options, Optional.empty(), Map.of(), directory),
                new RunEnvironment(new PrintStream(said, true, StandardCharsets.UTF_8), Map.of(), directory),
                record,
                null,
                storage,
                null,
                run,
                lock,
                stop,
                Instant.now());
    }

    RunContext context() {
        return context;
    }

    Resumption resumption() {
        return resumption(FINGERPRINT);
    }

    /** @param now fingerprint of the run that continues */
    Resumption resumption(Fingerprint now) {
        return new Resumption(context, CompletableFuture.completedFuture(now));
    }

    static TrainingState state(long step) {
        return SmallRun.checkpoint(step).state();
    }

    /** Saves a checkpoint that this version of the program could have written, or another one. */
    void save(long step, String version) {
        context.directory()
                .checkpoints()
                .save(lock, new Checkpoint(FINGERPRINT, Map.of("treegrad", version), state(step)), 5);
    }

    /** The steps at which checkpoints were saved, as their names tell. */
    List<String> saved() throws IOException {
        Path checkpoints = Path.of(context.directory().checkpoints().path());
        if (!Files.exists(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(checkpoints)) {
            return names.map(name -> name.getFileName().toString().replaceFirst("ckpt-0*", ""))
                    .sorted()
                    .toList();
        }
    }

    /** What the user was told. */
    String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        lock.close();
        stop.close();
    }
}
