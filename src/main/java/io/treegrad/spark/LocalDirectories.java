package io.treegrad.spark;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;

/** The local directories of Spark. */
final class LocalDirectories {
    private LocalDirectories() {}

    /**
     * Without one that can be written Spark would end the driver at once, with a stack and a code of its own, 53.
     *
     * @throws UserError CANNOT_WRITE if there is none
     */
    static void requireOne(SparkConf conf) {
        List<String> obstacles = new ArrayList<>();
        for (String directory : Utils.getConfiguredLocalDirs(conf)) {
            try {
                Path made = Files.createDirectories(Path.of(directory));
                Files.delete(Files.createTempDirectory(made, "treegrad"));
                return;
            } catch (IOException | InvalidPathException e) {
                obstacles.add(OutsideFailure.reason(e));
            }
        }
        throw new UserError(
                UserError.Kind.CANNOT_WRITE,
                "No local directory of Spark can be written (%s), expected one at least, with free space. Set spark.local.dir, or SPARK_LOCAL_DIRS, which is the stronger, to a directory that this user may write to."
                        .formatted(String.join("; ", obstacles)));
    }
}
