package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Executors have working directories of their own. */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(120)
class RelativePathsIT {
    @Test
    void aRelativePathIsTheSameFileInATaskAsOnTheDriver(StandaloneCluster processes) throws Exception {
        long length = Files.size(Path.of("pom.xml"));
        try (Cluster cluster = Cluster.start("relative", processes.conf(1))) {
            Storage storage = cluster.storage();
            List<Long> lengths = cluster.context()
                    .parallelize(List.of(0), 1)
                    .map(task -> storage.exists("pom.xml") ? storage.length("pom.xml") : -1)
                    .collect();
            assertEquals(List.of(length), lengths);
        }
    }
}
