package io.treegrad.cli;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.model.TrainedModel;
import io.treegrad.run.DataLocator;
import io.treegrad.run.DataSet;
import io.treegrad.run.FinishedRun;
import io.treegrad.run.Recipe;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the page of a finished run again, or one page that compares several runs. */
final class ReportCommand implements CommandAction {
    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        HadoopStorage storage = Cluster.submissionStorage();
        List<String> written = new ArrayList<>();
        if (settings.get(CommandSettings.COMPARE)) {
            written.add(compare(settings, paths, storage));
        } else {
            for (String path : paths) {
                written.add(writePage(FinishedRun.read(storage, path), console));
            }
        }
        console.summary().put("pages", written);
        if (!settings.get(OutputSettings.JSON)) {
            written.forEach(console.out()::println);
        }
    }

    private static String compare(Settings settings, List<String> paths, HadoopStorage storage) throws IOException {
        List<FinishedRun> runs = new ArrayList<>();
        for (String path : paths) {
            runs.add(FinishedRun.read(storage, path));
        }
        byte[] page = FinishedRun.comparison(runs);
        String file = settings.get(CommandSettings.PAGE);
        OutputDirectory.writeFile(storage, file, CommandSettings.PAGE.name(), out -> out.write(page));
        return file;
    }

    private static String writePage(FinishedRun run, Console console) throws IOException {
        Settings trained = SettingsResolver.recorded(run.model().provenance().settings());
        Cluster.prepareArithmetic().ifPresent(console.err()::println);
        try (Lock lock = run.directory().lock("a report of run " + run.record().runId());
                Cluster cluster = Cluster.start("treegrad report")) {
            DataSet data = DataSet.of(trained, cluster.storage(), new DataLocator(console.forRun()));
            StepPlan steps = new Recipe(trained).steps(data.trainRows());
            Map<Part, ShardedPart> parts = data.onExecutors(steps);
            int partitions = Math.min(steps.shards(), cluster.awaitSlots());
            try (DistributedRows rows = new DistributedRows(cluster, parts, partitions, cluster.storage())) {
                requireSame(rows.load(), run.model());
                return run.report().write(lock, data, rows, cluster.storage(), trained.get(TrainingSettings.SEED));
            }
        }
    }

    /** @throws UserError BAD_DATA if the run was trained on other rows: its page must not show these as its own */
    private static void requireSame(Map<Part, String> rowsSha256, TrainedModel model) {
        Map<Part, String> trained = model.provenance().data().rowsSha256();
        if (!trained.isEmpty() && !trained.equals(rowsSha256)) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "The data was changed since the run: the SHA-256 of its rows is %s, expected %s. Restore the data, or train again."
                            .formatted(rowsSha256, trained));
        }
    }
}
