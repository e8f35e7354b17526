package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.settings.Command;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.spark.LogLines;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
    private static final String OLD = "20260101T000000Z-old";
    private static final String NEW = "20260102T000000Z-new";

    @TempDir
    private Path directory;

    private List<String> models(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Settings settings = SettingsResolver.resolve(
                Command.MODELS,
                Map.of(OutputSettings.DIRECTORY, directory.toString()),
                Optional.empty(),
                Map.of(),
                directory);
        new ModelsCommand()
                .run(settings, List.of(words), new Console(stream, stream, Map.of(), directory, new Summary()));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void publish(String... names) {
        OutputDirectory output = new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString());
        try (Lock lock = output.lockForPublishing("a test")) {
            for (int i = 0; i < names.length; i++) {
                output.publish(lock, names[i], SmallRun.model(i));
            }
        }
    }

    @Test
    void comparedVersionsStandSideBySideInEightyColumns() {
        publish(OLD, NEW);
        List<String> said = models("compare", "old", "new");
        assertEquals(column("version", 25) + column(OLD, 27) + NEW, said.get(0));
        assertEquals(column("aliases", 52) + "champion", said.get(1));
        assertEquals(column("network", 25) + column("2-2", 27) + "2-2", said.get(3));
    }

    @Test
    void aListFitsEightyColumnsAndLongNamesStayWhole() {
        String airflow = "20260101T000000Z-scheduled__2026-01-01T02-00-00-00-00";
        publish(airflow, NEW);
        List<String> said = models();
        assertEquals(column("champion", 10) + column(NEW, 37), said.get(0).substring(0, 47));
        assertEquals(column("", 10) + airflow, said.get(1));
        assertTrue(said.get(2).startsWith(column("", 47)), said.get(2));
        for (String line : said) {
            assertTrue(line.length() <= 80, line);
            assertEquals(line.stripTrailing(), line);
        }
    }

    private static String column(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** As Airflow and people name their runs. */
    @Test
    void namesThatAreTooLongToStandSideBySideStayWhole() {
        String one = "20260101T000000Z-scheduled__2026-01-01T02-00-00-00-00";
        String other = "20260102T000000Z-a-name-that-somebody-found-telling";
        publish(one, other, NEW);
        assertEquals(
                List.of(column("version", 25) + one, column("", 29) + other),
                models("compare", one, other).subList(0, 2));
        assertEquals(
                List.of(column("version", 25) + one, column("", 52) + NEW),
                models("compare", one, "new").subList(0, 2));
        for (String line : models("compare", one, other)) {
            assertTrue(line.length() <= 80, line);
        }
    }

    /** As when a run publishes, and keeps few versions, while the command waits for its turn. */
    @Test
    void aVersionThatGoesWhileTheLockIsAwaitedIsNotPromoted() throws Exception {
        OutputDirectory output = new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString());
        CompletableFuture<Void> promotion;
        try (LogLines log = LogLines.of(Lock.class);
                Lock lock = output.lockForPublishing("a test")) {
            output.publish(lock, OLD, SmallRun.model(1));
            output.publish(lock, NEW, SmallRun.model(2));
            promotion = CompletableFuture.runAsync(() -> models("promote", "old"));
            while (log.lines().isEmpty() && !promotion.isDone()) { // it says that it waits
                Thread.sleep(10);
            }
            output.keepVersions(lock, 1);
        }
        UserError error = assertInstanceOf(
                UserError.class,
                assertThrows(ExecutionException.class, promotion::get).getCause());
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertEquals(NEW, Files.readString(directory.resolve("CURRENT")).strip());
    }
}
