package io.treegrad.cli;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Blas;
import io.treegrad.network.BlasKind;
import io.treegrad.report.ComparisonPage;
import io.treegrad.report.Report;
import io.treegrad.report.ReportPage;
import io.treegrad.run.DataLocator;
import io.treegrad.run.DataSet;
import io.treegrad.run.Recipe;
import io.treegrad.run.RunReport;
import io.treegrad.run.Summary;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page of a finished run again, or several runs on one page. */
final class ReportCommand implements CommandAction {
    private static final int SECONDS_TO_WAIT_FOR_EXECUTORS = 60;

    /** A finished run as its files tell of it. */
    private record Finished(Summary summary, RunDirectory directory, TrainedModel model, RunReport report) {}

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        HadoopStorage storage = Cluster.submissionStorage();
        List<String> written = new ArrayList<>();
        if (settings.flag(Setting.COMPARE)) {
            written.add(compare(settings, paths, storage));
        } else {
            for (String path : paths) {
                written.add(again(finished(storage, path), console));
            }
        }
        console.summary().put("pages", written);
        if (!settings.flag(Setting.JSON)) {
            written.forEach(console.out()::println);
        }
    }

    private static String compare(Settings settings, List<String> paths, HadoopStorage storage) throws IOException {
        List<ComparisonPage.ComparedRun> runs = new ArrayList<>();
        for (String path : paths) {
            Finished run = finished(storage, path);
            runs.add(new ComparisonPage.ComparedRun(
                    run.report.run(run.model.provenance().data().kind()), run.report.epochs(), recorded(run.model)));
        }
        byte[] page = ComparisonPage.html(runs).getBytes(StandardCharsets.UTF_8);
        String file = settings.text(Setting.PAGE);
        OutputDirectory.writeFile(storage, file, out -> out.write(page));
        return file;
    }

    private static String again(Finished run, Console console) throws IOException {
        Map<Setting, String> options = new EnumMap<>(Setting.class);
        Map<String, String> kept = run.model.provenance().settings();
        for (Setting setting : Command.TRAIN.settings()) {
            Optional.ofNullable(kept.get(setting.title())).ifPresent(text -> options.put(setting, text));
        }
        Settings trained = new Settings(Command.TRAIN, options, Optional.empty(), Map.of(), console.directory());
        try (Cluster cluster = Cluster.start("treegrad report")) {
            DataSet data = DataSet.of(trained, cluster.storage(), new DataLocator(console));
            StepPlan steps = new Recipe(trained).steps(data.trainRows());
            Map<Part, ShardedPart> parts = data.onExecutors(steps);
            int partitions = Math.min(steps.shards(), cluster.awaitSlots(SECONDS_TO_WAIT_FOR_EXECUTORS));
            try (DistributedRows rows = new DistributedRows(cluster, parts, partitions, cluster.storage())) {
                Report report = run.report.of(
                        data, rows, cluster.storage(), Blas.load(BlasKind.AUTO), trained.longInteger(Setting.SEED));
                byte[] page = ReportPage.html(report).getBytes(StandardCharsets.UTF_8);
                run.directory.write(RunReport.FILE, out -> out.write(page));
                return run.directory.path() + "/" + RunReport.FILE;
            }
        }
    }

    private static Finished finished(HadoopStorage storage, String path) throws IOException {
        RunDirectory directory = OutputDirectory.runAt(storage, path);
        Summary summary = new Summary();
        Optional<byte[]> runJson = directory.read("run.json");
        if (runJson.isEmpty() || !summary.takeOverIfSucceeded(runJson.get())) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path + ": there is no finished run, expected a directory below OUTPUT/runs whose run.json says that"
                            + " it succeeded. Check the path.");
        }
        TrainedModel model = ModelFiles.read(storage, String.valueOf(summary.get("model")));
        return new Finished(summary, directory, model, new RunReport(summary, directory, model, recorded(model)));
    }

    private static List<Report.Setting> recorded(TrainedModel model) {
        return model.provenance().settings().entrySet().stream()
                .map(entry -> new Report.Setting(entry.getKey(), entry.getValue(), "recorded"))
                .toList();
    }
}
