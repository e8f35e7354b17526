package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.model.Manifest;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.report.ComparisonPage;
import io.treegrad.report.Report;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingGroup;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A run that has succeeded, read from its files. */
public record FinishedRun(RunRecord record, RunDirectory directory, TrainedModel model) {
    /** Settings that differ in any two runs, or say where results go: they are nothing that was tried. */
    private static final Set<String> OF_EACH_RUN = AllSettings.table().stream()
            .filter(setting -> setting.group() == SettingGroup.OUTPUT || setting == TrainingSettings.WARM_START)
            .map(Setting::name)
            .collect(Collectors.toSet());

    /**
     * @param path the directory of the run
     * @throws UserError INPUT_MISSING if no finished run is there, or one that trained nothing
     */
    public static FinishedRun read(HadoopStorage storage, String path) throws IOException {
        RunDirectory directory = OutputDirectory.runAt(storage, path);
        RunRecord record = directory
                .read(RunRecord.FILE)
                .map(bytes -> RunRecord.parse(bytes, path + "/" + RunRecord.FILE))
                .filter(RunRecord::hasSucceeded)
                .orElseThrow(() -> new UserError(
                        UserError.Kind.INPUT_MISSING,
                        path
                                + ": there is no finished run, expected a directory below OUTPUT/runs whose run.json says that"
                                + " it succeeded. Check the path."));
        if (record.unchanged != null) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    "%s trained nothing, since %s would have come out again: expected a run that trained. Give the run of that model."
                            .formatted(path, record.model()));
        }
        return new FinishedRun(record, directory, ModelFiles.read(storage, modelOf(record, directory, storage)));
    }

    /**
     * The directory of its model: beside the run, also where the output was moved to or where its path is another. A record
     * says where it was, as the run was told.
     */
    private static String modelOf(RunRecord record, RunDirectory directory, HadoopStorage storage) throws IOException {
        String name = record.model().substring(record.model().lastIndexOf('/') + 1);
        String beside = directory.path() + (name.equals("model") ? "/model" : "/../../versions/" + name);
        return storage.exists(beside + "/" + Manifest.FILE) ? beside : record.model();
    }

    public RunReport report() {
        return new RunReport(record, directory, model, RunReport.recorded(model));
    }

    /** The page that compares runs, in the order in which they are given. */
    public static byte[] comparison(List<FinishedRun> runs) {
        return comparison(runs, List.of(), 0);
    }

    /**
     * The page that compares runs, in the order in which they are given.
     *
     * @param rungs in which each of them was trained; empty if there was one for all
     * @param diverged how many others there were, of which nothing can be shown
     */
    public static byte[] comparison(List<FinishedRun> runs, List<Integer> rungs, int diverged) {
        List<ComparisonPage.ComparedRun> compared = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            FinishedRun run = runs.get(i);
            List<Report.Setting> settings = new ArrayList<>(RunReport.recorded(run.model));
            settings.removeIf(setting -> OF_EACH_RUN.contains(setting.name()));
            if (!rungs.isEmpty()) {
                settings.add(new Report.Setting("rung", rungs.get(i).toString(), "the sweep"));
            }
            compared.add(new ComparisonPage.ComparedRun(
                    run.report().run(run.model.provenance().data().kind()),
                    run.report().epochs(),
                    settings));
        }
        return ComparisonPage.html(compared, diverged).getBytes(StandardCharsets.UTF_8);
    }
}
