package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 14 on a local disk: what a machine that loses power keeps are the files whose bytes were forced to the disk. The JVM's
 * flight recorder tells of each write and each force that it asks of the system.
 */
class SyncedFilesTest {
    private static final String FORCE = "jdk.FileForce";
    private static final String WRITE = "jdk.FileWrite";

    @TempDir
    private Path directory;

    @Test
    void allThatIsCommittedIsOnTheDiskBeforeItCounts() throws IOException {
        Path root = directory.resolve("output");
        OutputUnderFaults outputs = new OutputUnderFaults(new Configuration(), directory.toString());
        List<RecordedEvent> events = events(() -> {
            outputs.publish(root.toString(), "v", SmallRun.model(1));
            outputs.save(root.toString(), SmallRun.checkpoint(10, 3), 2);
            outputs.write(root.toString(), "run.json", new byte[] {'{', '}'});
        });
        List<String> forced = paths(events, FORCE);
        for (String path : forced) {
            int last = paths(events, null).lastIndexOf(path);
            assertEquals(FORCE, events.get(last).getEventType().getName(), path + " was written after it was forced");
            assertTrue(
                    paths(events.subList(0, last), WRITE).contains(path), path + " was forced before it was written");
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // CURRENT and run.json are forced beside their place, and then get their name
                String path = file.toString();
                assertTrue(
                        forced.stream().anyMatch(name -> name.equals(path) || name.startsWith(path + ".new-")),
                        () -> path + " was not forced to the disk, only " + forced);
            }
        }
        for (String committed : List.of("versions/v/", "checkpoints/")) {
            List<String> inOrder =
                    forced.stream().filter(name -> name.contains(committed)).toList();
            assertTrue(inOrder.size() > 2, inOrder::toString);
            assertTrue(inOrder.get(inOrder.size() - 1).endsWith("/_SUCCESS"), inOrder::toString);
            assertEquals(
                    1,
                    inOrder.stream().filter(name -> name.endsWith("/_SUCCESS")).count(),
                    inOrder::toString);
        }
    }

    /** What was written and forced meanwhile, in this order. */
    private List<RecordedEvent> events(Runnable action) throws IOException {
        Path file = directory.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(FORCE).withoutThreshold();
            recording.enable(WRITE).withoutThreshold();
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> found = new ArrayList<>(RecordingFile.readAllEvents(file));
        found.sort(Comparator.comparing(RecordedEvent::getStartTime));
        return found;
    }

    /** @param type of the events; null for all */
    private static List<String> paths(List<RecordedEvent> events, String type) {
        return events.stream()
                .filter(event -> type == null || event.getEventType().getName().equals(type))
                .map(event -> String.valueOf(event.getString("path")))
                .toList();
    }
}
