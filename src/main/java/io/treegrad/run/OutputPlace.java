package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Where a run or a sweep writes. */
public final class OutputPlace {
    private OutputPlace() {}

    /** @throws UserError if it is in a directory that the cluster has made for this driver, and will remove */
    public static OutputDirectory of(Settings settings, HadoopStorage storage) throws IOException {
        String path = settings.get(OutputSettings.DIRECTORY);
        if (Cluster.startedThisDriver() && storage.isInWorkingDirectory(path)) {
            throw settings.refusal(
                    OutputSettings.DIRECTORY,
                    "the cluster has started this driver in a directory that goes with it, %s. Give a path that is the same on every machine and stays, such as hdfs:///models/digits or /shared/models."
                            .formatted(Path.of("").toAbsolutePath()));
        }
        return new OutputDirectory(storage, path);
    }
}
