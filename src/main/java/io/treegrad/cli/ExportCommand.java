package io.treegrad.cli;

import io.treegrad.model.ModelFiles;
import io.treegrad.model.OnnxModel;
import io.treegrad.model.TrainedModel;
import io.treegrad.run.OutputPlace;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.CurrentVersion;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.util.List;

/** Writes a model as an ONNX file. Starts no executors. */
final class ExportCommand implements CommandAction {
    @Override
    public void run(Settings settings, List<String> paths, Console console) throws IOException {
        HadoopStorage storage = Cluster.submissionStorage();
        String file = OutputPlace.path(settings, CommandSettings.EXPORTED, storage);
        String directory =
                CurrentVersion.at(storage, settings.get(CommandSettings.MODEL), CommandSettings.MODEL.name());
        TrainedModel model = ModelFiles.read(storage, directory);
        OutputDirectory.writeFile(storage, file, CommandSettings.EXPORTED.name(), OnnxModel.of(model));
        console.summary()
                .put("model", directory)
                .put("weightsSha256", model.weightsSha256())
                .put("output", file);
        if (!settings.get(OutputSettings.JSON) && storage.exists(file)) { // a pipe may be standard output
            console.out().println(file);
        }
    }
}
