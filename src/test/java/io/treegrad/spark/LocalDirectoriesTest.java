package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoriesTest {
    @TempDir
    private Path directory;

    @Test
    void oneThatCanBeWrittenIsEnough() throws IOException {
        assumeTrue(System.getenv("SPARK_LOCAL_DIRS") == null, "SPARK_LOCAL_DIRS is set");
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        SparkConf conf = new SparkConf(false).set("spark.local.dir", file + "/one," + file);
        UserError refused = assertThrows(UserError.class, () -> LocalDirectories.requireOne(conf));
        assertEquals(UserError.Kind.CANNOT_WRITE, refused.kind());
        assertTrue(refused.getMessage().contains(file + "/one"), refused.getMessage());
        assertTrue(refused.getMessage().contains("Set spark.local.dir"), refused.getMessage());
        Path usable = directory.resolve("made/here");
        LocalDirectories.requireOne(conf.set("spark.local.dir", file + "," + usable));
        try (var left = Files.list(usable)) {
            assertEquals(0, left.count());
        }
    }
}
