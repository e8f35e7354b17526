package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Storage;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.EvaluationSum;
import io.treegrad.settings.Settings;
import io.treegrad.spark.SideBySide;
import io.treegrad.spark.WholeRowsEngine;
import io.treegrad.training.MetricValues;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingState;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One training of a sweep, from its first step to its metrics, on one thread of an executor. */
record SweepTrial(
        String runId, String title, Settings settings, WorkSpec spec, Map<Part, ShardedPart> parts, Storage storage)
        implements SideBySide.Work<SweepTrial.Result> {

    /**
     * What travels back. The files are those of a run directory, as bytes; {@code run.json} lacks what only the driver
     * knows.
     *
     * <p>There are no parameters if the training diverged, as the record then says.
     */
    static final class Result implements Serializable {
        private static final long serialVersionUID = 1;

        private final float[] parameters;
        private final HashMap<String, byte[]> files;

        Result(float[] parameters, Map<String, byte[]> files) {
            this.parameters = parameters;
            this.files = new HashMap<>(files);
        }

        float[] parameters() {
            return parameters;
        }

        Map<String, byte[]> files() {
            return files;
        }

        RunRecord record() {
            return RunRecord.parse(files.get(RunRecord.FILE), RunRecord.FILE);
        }
    }

    @Override
    public Result run() throws IOException {
        long start = System.nanoTime();
        Map<String, byte[]> files = new HashMap<>();
        RunRecord record = new RunRecord();
        record.runId = runId;
        record.arithmetic = Arithmetic.name();
        float[] parameters = null;
        try (WholeRowsEngine engine = new WholeRowsEngine(parts, spec, storage)) {
            record.engine = engine.name();
            TrainingState state = trained(engine, record, inMemory(files), start);
            parameters = state.chosenParameters();
            record.bestEpoch = state.chosenEpoch();
            Map<Part, MetricValues> metrics = new EnumMap<>(Part.class);
            for (Part part : parts.keySet()) {
                metrics.put(part, MetricValues.of(engine.evaluate(parameters, part)));
            }
            record.metrics = metrics;
            record.succeeded();
        } catch (UserError e) {
            if (e.kind() != UserError.Kind.DIVERGED) {
                throw e;
            }
            record.failed(e.kind().exitCode(), e.getMessage()); // the other trials go on
        }
        files.put(RunRecord.FILE, record.toJson());
        return new Result(parameters, files);
    }

    private TrainingState trained(WholeRowsEngine engine, RunRecord record, RunLog.Files files, long start) {
        Recipe recipe = new Recipe(settings);
        Optimizer optimizer = recipe.optimizer(spec.network(), spec.steps());
        Optional<Function<float[], EvaluationSum>> validation = parts.containsKey(Part.VALIDATION)
                ? Optional.of(theta -> engine.evaluate(theta, Part.VALIDATION))
                : Optional.empty();
        TrainingState state = TrainingState.fresh(recipe.parameters(spec.network()), optimizer);
        RunLog log = new RunLog(
                files, state, spec.steps().stepsPerEpoch(), new RunEnvironment(System.err, Map.of(), Path.of("")));
        long before = System.nanoTime();
        try {
            log.start();
            recipe.training(engine, optimizer, spec.steps(), validation, log).run(state);
        } finally {
            log.flush(state);
            record.steps = state.step();
            record.epochs = state.epochs().size();
            record.rowsPerSecond = Math.round(log.rowsPerSecond());
            long now = System.nanoTime();
            record.seconds = new RunRecord.Seconds((now - start) / 1e9, (now - before) / 1e9, 0);
        }
        return state;
    }

    private static RunLog.Files inMemory(Map<String, byte[]> files) {
        return new RunLog.Files() {
            @Override
            public Optional<byte[]> read(String name) {
                return Optional.ofNullable(files.get(name));
            }

            @Override
            public void write(String name, byte[] content) {
                files.put(name, content);
            }
        };
    }
}
