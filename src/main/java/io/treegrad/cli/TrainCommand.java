package io.treegrad.cli;

import io.treegrad.data.Part;
import io.treegrad.data.PartRows;
import io.treegrad.data.Scaling;
import io.treegrad.data.StepPlan;
import io.treegrad.data.TrainAndTest;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Provenance;
import io.treegrad.model.Quality;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Blas;
import io.treegrad.network.BlasKind;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.UserError;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.Engines;
import io.treegrad.spark.HadoopStorage;
import io.treegrad.spark.OutputDirectory;
import io.treegrad.spark.StepEngine;
import io.treegrad.spark.WorkSpec;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Trains, evaluates and publishes. One object a run: its fields are what is fixed when the run begins, its methods the
 * stages in their order.
 */
final class TrainCommand implements Body {
    private static final int SECONDS_TO_WAIT_FOR_EXECUTORS = 60;
    private static final Duration STEP_PATIENCE = Duration.ofMinutes(5);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        Recipe recipe = new Recipe(settings);
        recipe.network(1, 2); // refuses an impossible network before anything is started
        Blas blas = Blas.load(settings.choice(Setting.BLAS, BlasKind.class));
        blas.fallbackReason().ifPresent(console.err()::println);
        Instant started = Instant.now();
        String runId = settings.isGiven(Setting.RUN_ID) ? settings.text(Setting.RUN_ID) : newRunId(started);
        console.summary().put("runId", runId).put("blas", blas.name());
        try (Cluster cluster = Cluster.start("treegrad train " + runId)) {
            OutputDirectory output = new OutputDirectory(cluster.storage(), settings.text(Setting.OUTPUT));
            output.requireWritable();
            try {
                new Run(settings, recipe, console, cluster, blas, output, runId, started).run();
                writeRunJson(output, runId, console.summary().succeeded());
            } catch (Exception e) {
                Failure failure = Failure.of(e);
                writeRunJson(output, runId, console.summary().failed(failure.exitCode(), failure.message()));
                throw e;
            }
        }
    }

    private static void writeRunJson(OutputDirectory output, String runId, Map<String, Object> summary) {
        byte[] line = (Summary.json(summary) + "\n").getBytes(StandardCharsets.UTF_8);
        output.writeRunFile(runId, "run.json", out -> out.write(line));
    }

    private static String newRunId(Instant started) {
        String letters = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);
        return TIME.format(started) + "-" + "0".repeat(4 - letters.length()) + letters;
    }

    /** One training run on a started cluster. */
    private record Run(
            Settings settings,
            Recipe recipe,
            Console console,
            Cluster cluster,
            Blas blas,
            OutputDirectory output,
            String runId,
            Instant started) {

        void run() throws IOException {
            HadoopStorage storage = cluster.storage();
            DataParts data = DataParts.of(settings, storage, new DataLocator(console));
            console.err().println(data.sentence());
            CompletableFuture<Map<String, String>> digests =
                    CompletableFuture.supplyAsync(() -> digests(storage, data.paths()));
            StepPlan steps = recipe.steps(data.trainRows());
            Network network = recipe.network(
                    data.trainSource().features(), data.trainSource().classes());
            Map<Part, PartRows> parts = data.onExecutors(steps);
            int slots = cluster.awaitSlots(SECONDS_TO_WAIT_FOR_EXECUTORS);
            int partitions = partitions(steps, slots);
            try (DistributedRows rows = new DistributedRows(cluster, parts, partitions, storage)) {
                rows.load();
                new TrainAndTest(data.trainSource(), data.testSource())
                        .warnings(rows.rowsOfClass(Part.TRAIN, network.classes()))
                        .forEach(warning -> console.err().println("Warning: " + warning));
                Scaling scaling = settings.text(Setting.SCALE).equals("standard")
                        ? rows.standardScaling(network.features())
                        : Scaling.of(settings.text(Setting.SCALE), new float[0], new float[0]);
                Engines.Decision decision = Engines.decide(
                        cluster,
                        settings.choice(Setting.ENGINE, Engines.Choice.class),
                        partitions,
                        slots,
                        network.parameterCount());
                console.err().println("Engine: " + decision.reason() + ".");
                WorkSpec spec = new WorkSpec(network, scaling, steps, blas.kind());
                try (StepEngine engine =
                        Engines.open(decision, rows, spec, settings.integer(Setting.TREE_DEPTH), STEP_PATIENCE)) {
                    console.summary().put("engine", engine.name());
                    TrainingState outcome = train(engine, network, steps, rows.has(Part.VALIDATION));
                    finish(engine, outcome, spec, data, parts, digests.join());
                }
            }
        }

        private int partitions(StepPlan steps, int slots) {
            int partitions = settings.optionalInteger(Setting.PARTITIONS).orElse(Math.min(steps.shards(), slots));
            if (partitions > steps.shards()) {
                throw settings.refusal(
                        Setting.PARTITIONS,
                        "a partition holds whole shards and there are %d. Give at most as many, or set --shards (which"
                                        .formatted(steps.shards())
                                + " is part of the result).");
            }
            return partitions;
        }

        private TrainingState train(StepEngine engine, Network network, StepPlan steps, boolean validated) {
            Function<float[], EvaluationSum> validation =
                    validated ? theta -> engine.evaluate(theta, Part.VALIDATION) : null;
            Training.Length length = recipe.length(steps);
            long before = System.nanoTime();
            try (ProgressDisplay progress = ProgressDisplay.on(
                    console.err(),
                    settings.choice(Setting.PROGRESS, ProgressDisplay.Mode.class),
                    console.environment())) {
                progress.start(length.stepsPerEpoch() * length.epochs(), length.stepsPerEpoch(), steps.rows());
                TrainingState outcome = new Training(
                                engine,
                                recipe.optimizer(network, steps),
                                length,
                                validation,
                                recipe.stopping(validated),
                                progress)
                        .run(recipe.parameters(network));
                double seconds = secondsSince(before);
                console.summary()
                        .put("steps", outcome.step())
                        .put("epochs", outcome.epochs().size())
                        .put("rowsPerSecond", Math.round(progress.rowsPerSecond()))
                        .put("seconds", Map.of("total", secondsSinceStart(), "train", seconds));
                return outcome;
            }
        }

        private void finish(
                StepEngine engine,
                TrainingState outcome,
                WorkSpec spec,
                DataParts data,
                Map<Part, PartRows> parts,
                Map<String, String> digests) {
            float[] theta = outcome.chosenParameters();
            Map<Part, Quality> metrics = new EnumMap<>(Part.class);
            Map<Part, Long> rows = new EnumMap<>(Part.class);
            parts.forEach((part, plan) -> {
                EvaluationSum sum = engine.evaluate(theta, part);
                metrics.put(part, new Quality(sum.meanLoss(), sum.accuracy()));
                rows.put(part, plan.rows().size());
            });
            DataProvenance dataProvenance = new DataProvenance(data.kind(), data.sentence(), rows, digests);
            Provenance provenance = new Provenance(
                    dataProvenance,
                    settings.values().entrySet().stream()
                            .collect(Collectors.toMap(entry -> entry.getKey().title(), entry -> entry.getValue()
                                    .text())),
                    settings.longInteger(Setting.SEED),
                    spec.steps().shards(),
                    engine.name(),
                    blas.name(),
                    Machine.cpu(),
                    System.getProperty("java.version"),
                    cluster.sparkVersion(),
                    Main.version(),
                    started.truncatedTo(ChronoUnit.SECONDS).toString(),
                    secondsSinceStart(),
                    metrics);
            TrainedModel model = new TrainedModel(
                    spec.network(),
                    theta,
                    spec.scaling(),
                    TrainedModel.numbered(spec.network().classes()),
                    provenance);
            console.summary()
                    .put("weightsSha256", model.weightsSha256())
                    .put("metrics", byName(metrics))
                    .put("data", Map.of("kind", data.kind(), "rows", byName(rows), "sha256", digests));
            requireGate(metrics.get(Part.TEST));
            String time = TIME.format(started);
            String path = output.publish(runId.startsWith(time) ? runId : time + "-" + runId, model);
            console.summary().put("model", path);
            if (!settings.flag(Setting.JSON)) {
                ResultText.print(console.out(), model, outcome, path);
            }
        }

        private void requireGate(Quality test) {
            if (!settings.isGiven(Setting.MIN_ACCURACY)) {
                return;
            }
            double wanted = settings.number(Setting.MIN_ACCURACY);
            if (test == null) {
                throw settings.refusal(Setting.MIN_ACCURACY, "it is judged on test rows and there are none.");
            }
            if (test.accuracy() < wanted) {
                throw new UserError(
                        UserError.Kind.GATE_NOT_MET,
                        "The test accuracy is %s, expected at least %s (%s): nothing was published, what was published"
                                        .formatted(test.accuracy(), wanted, settings.nameOf(Setting.MIN_ACCURACY))
                                + " before stays. Train longer, look at the data, or lower the bound.");
            }
        }

        private double secondsSinceStart() {
            return Duration.between(started, Instant.now()).toMillis() / 1e3;
        }
    }

    private static double secondsSince(long nanos) {
        return Math.round((System.nanoTime() - nanos) / 1e6) / 1e3;
    }

    private static <V> Map<String, V> byName(Map<Part, V> values) {
        Map<String, V> named = new TreeMap<>();
        values.forEach((part, value) -> named.put(part.label(), value));
        return named;
    }

    private static Map<String, String> digests(HadoopStorage storage, List<String> paths) {
        Map<String, String> digests = new TreeMap<>();
        for (String path : paths) {
            try (InputStream in = storage.open(path)) {
                digests.put(
                        path.substring(path.lastIndexOf('/') + 1),
                        FileDigest.of(in).sha256());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return digests;
    }
}
