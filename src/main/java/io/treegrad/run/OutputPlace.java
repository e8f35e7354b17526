package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Where a command writes. */
public final class OutputPlace {
    private OutputPlace() {}

    /** @throws UserError if it is in a directory that the cluster has made for this driver, and will remove */
    public static OutputDirectory of(Settings settings, HadoopStorage storage) throws IOException {
        return new OutputDirectory(storage, path(settings, OutputSettings.DIRECTORY, storage));
    }

    /** The same of another setting that names a file or a directory. */
    public static String path(Settings settings, Setting<String> setting, HadoopStorage storage) throws IOException {
        String path = settings.get(setting);
        if (Cluster.startedThisDriver() && storage.isInWorkingDirectory(path)) {
            throw settings.refusal(
                    setting,
                    "the cluster has started this driver in a directory that goes with it, %s. Give a path that is the same on every machine and stays, such as hdfs:///models/digits or /shared/models."
                            .formatted(Path.of("").toAbsolutePath()));
        }
        return path;
    }
}
