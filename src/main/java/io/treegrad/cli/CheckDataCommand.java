package io.treegrad.cli;

import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.run.DataCheck;
import io.treegrad.run.DataLocator;
import io.treegrad.run.DataSet;
import io.treegrad.run.InputFiles;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DataSurvey;
import io.treegrad.spark.DistributedRows;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.util.List;
import java.util.Map;

/** What is odd about a data set, by itself and beside that of the published model. Trains nothing. */
final class CheckDataCommand implements CommandAction {
    private static final int SHARDS = 16;

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        try (Cluster cluster = Cluster.start("treegrad check-data")) {
            HadoopStorage storage = cluster.storage();
            DataSet data = DataSet.of(settings, storage, new DataLocator(console.forRun()));
            console.err().println(data.sentence());
            InputFiles files = InputFiles.of(data, settings, storage);
            int shards = (int) Math.min(SHARDS, data.trainRows());
            Map<Part, ShardedPart> parts = data.onExecutors(
                    new StepPlan(data.trainRows(), shards, shards, settings.get(TrainingSettings.SEED)));
            int partitions = Math.min(shards, cluster.awaitSlots());
            try (DistributedRows rows = new DistributedRows(cluster, parts, partitions, storage)) {
                DataSurvey survey = DataCheck.survey(data, rows);
                files.requireUnchanged();
                OutputDirectory output = new OutputDirectory(storage, settings.get(OutputSettings.DIRECTORY));
                DataCheck check = DataCheck.of(data, survey, output.published());
                console.summary()
                        .put("data", data.trainSource().describe())
                        .put("sha256", files.sha256().join())
                        .put("dataCheck", check);
                if (!settings.get(OutputSettings.JSON)) {
                    DataCheckText.print(console.out(), data, check);
                }
                check.requireAccepted(settings);
            }
        }
    }
}
