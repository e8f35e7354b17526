package io.treegrad.run;

import io.treegrad.common.Failpoint;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.data.CovarianceSums;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Sampling;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.model.EpochLine;
import io.treegrad.model.LossCurve;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import io.treegrad.report.ConfusionMatrix;
import io.treegrad.report.Fit;
import io.treegrad.report.Gallery;
import io.treegrad.report.PrincipalComponents;
import io.treegrad.report.Projection;
import io.treegrad.report.Report;
import io.treegrad.report.ReportPage;
import io.treegrad.report.StepLosses;
import io.treegrad.report.UnitWeights;
import io.treegrad.settings.Settings;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.RowStatistics;
import io.treegrad.spark.TreeEngine;
import io.treegrad.storage.Lock;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.LossTrace;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Collects what the page of a run shows, from the files, the model and the data of the run. */
public final class RunReport {
    /** Name of the page, in the directory of the run. */
    static final String FILE = "report/index.html";

    private static final int TREE_DEPTH = 2;
    /** Number of test rows from which pictures are chosen; this process reads them. */
    private static final long MOST_GALLERY_ROWS = 10_000;

    private static final int PROJECTED_ROWS = 2_000;
    private static final int COMPONENTS = 3;
    /** With more features, the covariance takes over a gigabyte. */
    private static final int MOST_FEATURES = 8_192;

    private final RunRecord record;
    private final RunDirectory directory;
    private final TrainedModel model;
    private final List<Report.Setting> settings;

    /**
     * @param record of the run, with the content of {@code run.json}
     * @param settings to show
     */
    public RunReport(RunRecord record, RunDirectory directory, TrainedModel model, List<Report.Setting> settings) {
        this.record = record;
        this.directory = directory;
        this.model = model;
        this.settings = settings;
    }

    /** The settings of the run in progress, each with its source. */
    static List<Report.Setting> current(Settings settings) {
        return settings.values().entrySet().stream()
                .map(entry -> new Report.Setting(
                        entry.getKey().name(),
                        entry.getKey().redacted(entry.getValue().text()),
                        entry.getValue().source()))
                .toList();
    }

    /** The settings of a run that its model records. */
    public static List<Report.Setting> recorded(TrainedModel model) {
        return model.provenance().settings().entrySet().stream()
                .map(entry -> new Report.Setting(entry.getKey(), entry.getValue(), "recorded"))
                .toList();
    }

    /** Writes the page of the run, whose lock this process has; returns its path. */
    public String write(Lock lock, DataSet data, DistributedRows rows, Storage storage, long seed) throws IOException {
        byte[] page = ReportPage.html(of(data, rows, storage, seed)).getBytes(StandardCharsets.UTF_8);
        Failpoint.reach("before-report", 0);
        directory.write(lock, FILE, out -> out.write(page));
        Failpoint.reach("after-report", 0);
        return directory.path() + "/" + FILE;
    }

    /** @param rows of the run's data on executors whose slots are free */
    public Report of(DataSet data, DistributedRows rows, Storage storage, long seed) throws IOException {
        Network network = model.network();
        float[] theta = model.parameters();
        WorkSpec spec = new WorkSpec(network, model.scaling(), null);
        Part tested = rows.has(Part.TEST) ? Part.TEST : rows.has(Part.VALIDATION) ? Part.VALIDATION : Part.TRAIN;
        RowSource source = tested == Part.TEST ? data.testSource() : data.trainSource();
        RowSet members =
                switch (tested) {
                    case TRAIN -> data.split().train();
                    case VALIDATION -> data.split().validation();
                    case TEST -> data.split().test();
                };
        Shape shape = source.shape();
        boolean classifies = network.task() == Task.CLASSIFICATION;
        Rows pictures = classifies && shape.isPicture()
                ? source.read(members.slice(0, Math.min(MOST_GALLERY_ROWS, members.size())), storage)
                : null;
        return new Report(
                run(data),
                model.labels(),
                epochs(),
                StepLosses.of(losses()),
                classifies ? confusion(rows, spec, theta, tested) : null,
                classifies ? null : Fit.of(network, theta, model.scaling(), source.read(spread(members), storage)),
                pictures == null ? null : Gallery.of(network, theta, model.scaling(), pictures, shape, seed),
                classifies ? projection(data, rows, spec, storage) : null,
                shape.isPicture() ? UnitWeights.of(network, theta, shape) : null,
                dataFacts(),
                settings,
                provenance(),
                timings());
    }

    private static ConfusionMatrix confusion(DistributedRows rows, WorkSpec spec, float[] theta, Part part) {
        try (TreeEngine engine = new TreeEngine(rows, spec, TREE_DEPTH)) {
            return ConfusionMatrix.of(engine.evaluate(theta, part));
        }
    }

    /** The main facts about the run. */
    Report.Run run(DataSet data) {
        return run(data.kind());
    }

    public Report.Run run(String data) {
        Provenance provenance = model.provenance();
        Map<Part, Long> rows = provenance.data().rows();
        List<EpochLine> lines = lines();
        EpochLine last = lines.get(lines.size() - 1);
        return new Report.Run(
                record.runId(),
                model.network().toString(),
                data,
                rows,
                provenance.metrics().get(Part.TEST),
                provenance.engine(),
                provenance.arithmetic(),
                Math.max(1, last.step() / last.epoch()),
                last.step(),
                record.bestEpoch().orElse(last.epoch()),
                record.trainSeconds().orElse(provenance.seconds()));
    }

    public List<Report.Epoch> epochs() {
        return lines().stream()
                .map(line -> new Report.Epoch(line.epoch(), line.train(), line.validation()))
                .toList();
    }

    private List<EpochLine> lines() {
        String path = directory.path() + "/" + EpochLine.FILE;
        List<EpochLine> lines = directory
                .read(EpochLine.FILE)
                .map(bytes -> EpochLine.parse(bytes, path))
                .orElse(List.of());
        if (lines.isEmpty()) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path + " holds no epoch, expected a line for each. The file could not be written, or was removed.");
        }
        return lines;
    }

    private LossTrace losses() {
        LossCurve curve = directory
                .read(LossCurve.FILE)
                .map(bytes -> LossCurve.parse(bytes, directory.path() + "/" + LossCurve.FILE))
                .orElseGet(() -> new LossCurve(1, 1, List.of()));
        float[] points = new float[curve.meanLoss().size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = curve.meanLoss().get(i);
        }
        return new LossTrace(points, curve.stepsPerPoint(), 0, 0);
    }

    /**
     * Evenly spaced training rows, projected onto the principal components of all; null if there are too few features,
     * or too many.
     */
    private Projection projection(DataSet data, DistributedRows rows, WorkSpec spec, Storage storage)
            throws IOException {
        RowSet train = data.split().train();
        int features = spec.network().features();
        if (features < COMPONENTS || features > MOST_FEATURES || train.size() < 2) {
            return null;
        }
        CovarianceSums sums = new RowStatistics(rows).covariance(spec);
        PrincipalComponents components = PrincipalComponents.of(sums.mean(), sums.covariance(), COMPONENTS);
        Rows shown = data.trainSource().read(spread(train), storage);
        return Projection.of(
                components, shown, spec.scaling(), data.trainSource().shape());
    }

    private Report.DataFacts dataFacts() {
        DataCheck check = record.dataCheck;
        return check == null
                ? null
                : new Report.DataFacts(
                        check.classes().stream()
                                .map(one -> new Report.ClassShare(
                                        one.label(), one.rows(), one.share(), one.before(), one.drift()))
                                .toList(),
                        check.findings());
    }

    /** Some rows, evenly spaced. */
    private static RowSet spread(RowSet rows) {
        int[] places = Sampling.evenlySpaced(PROJECTED_ROWS, Math.toIntExact(rows.size()));
        return RowSet.of(Arrays.stream(places)
                .map(place -> Math.toIntExact(rows.at(place)))
                .toArray());
    }

    private List<Report.Fact> provenance() {
        Provenance provenance = model.provenance();
        List<Report.Fact> facts = new ArrayList<>();
        facts.add(new Report.Fact("weightsSha256", model.weightsSha256()));
        facts.add(new Report.Fact("model", Redaction.redact(String.valueOf(record.model()))));
        facts.add(new Report.Fact("data", provenance.data().description()));
        model.card().ifPresent(card -> {
            facts.add(new Report.Fact("intended use", card.use()));
            facts.add(new Report.Fact("limits", String.join(" ", card.limits())));
            facts.add(new Report.Fact("to train it again", card.reproduce()));
        });
        provenance.data().sha256().forEach((file, hex) -> facts.add(new Report.Fact(file, "SHA-256 " + hex)));
        facts.add(new Report.Fact("shards", Integer.toString(provenance.shards())));
        facts.add(new Report.Fact("engine", provenance.engine()));
        facts.add(new Report.Fact("Arithmetic", provenance.arithmetic()));
        facts.add(new Report.Fact("CPU", provenance.cpu()));
        facts.add(new Report.Fact("Java", provenance.java()));
        facts.add(new Report.Fact("Spark", provenance.spark()));
        facts.add(new Report.Fact("treegrad", provenance.treegrad()));
        facts.add(new Report.Fact("started", provenance.started()));
        return facts;
    }

    private List<Report.Timing> timings() {
        RunRecord.Seconds seconds = record.seconds();
        return seconds == null
                ? List.of()
                : List.of(
                        new Report.Timing("total", seconds.total()),
                        new Report.Timing("train", seconds.train()),
                        new Report.Timing("checkpoints", seconds.checkpoints()));
    }
}
