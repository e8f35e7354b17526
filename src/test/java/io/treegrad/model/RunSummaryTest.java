package io.treegrad.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.Part;
import io.treegrad.network.UserError;
import io.treegrad.training.Metrics;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSummaryTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final RunSummary SUCCEEDED = RunSummary.succeeded(
            "nightly-1",
            DIGEST,
            5500,
            10,
            "resident",
            "openblas 0.3.31",
            212000.0,
            new RunSummary.Seconds(6.1, 3.4),
            Map.of(Part.TEST, new Quality(0.07, 0.9801), Part.TRAIN, new Quality(0.02, 0.995)),
            SmallModel.data(),
            "out/versions/1-größer");
    private static final String LINE = """
            {"schema":1,"status":"succeeded","exitCode":0,"runId":"nightly-1","weightsSha256":"%1$s",\
            "steps":5500,"epochs":10,"engine":"resident","blas":"openblas 0.3.31","rowsPerSecond":212000.0,\
            "seconds":{"total":6.1,"train":3.4},\
            "metrics":{"train":{"loss":0.02,"accuracy":0.995},"test":{"loss":0.07,"accuracy":0.9801}},\
            "data":{"kind":"csv","description":"digits.csv.gz","rows":{"train":40,"validation":0,"test":8},\
            "sha256":{"digits.csv.gz":"%1$s"}},\
            "model":"out/versions/1-gr\\u00F6\\u00DFer"}""".formatted(DIGEST);

    @Test
    void successIsOneLineInTheOrderOfTheDesign() {
        assertEquals(LINE, SUCCEEDED.toLine());
        assertEquals(SUCCEEDED, parse(LINE));
    }

    @Test
    void failureTellsWhatIsKnownAndNoMore() {
        RunSummary failed = RunSummary.failed(null, 66, "no \"data\"\nat all");
        String line = """
                {"schema":1,"status":"failed","exitCode":66,"metrics":{},"error":"no \\"data\\"\\nat all"}""";
        assertEquals(line, failed.toLine());
        assertEquals(failed, parse(line));
    }

    @Test
    void statusFollowsTheExitCode() {
        assertEquals(
                RunSummary.Status.STOPPED,
                RunSummary.failed("r", 143, "stopped").status());
        assertThrows(IllegalArgumentException.class, () -> RunSummary.failed("r", 0, "no error"));
        assertThrows(IllegalArgumentException.class, () -> RunSummary.failed("r", 1, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "schema":1 | "schema":3 | schema is 3, expected 1
            "exitCode":0, | | field exitCode is
            "exitCode":0 | "exitCode":80 | status is SUCCEEDED with exitCode 80
            "status":"succeeded" | "status":"fine" | field status holds "fine"
            "status":"succeeded" | "status":0 | field status holds "0"
            "runId":"nightly-1" | "runId":"nightly-1","run":1 | field run is unknown
            "runId":"nightly-1", | | runId is missing
            "loss":0.02 | "loss":"NaN" | in field metrics.train, loss is NaN, expected a finite number
            "steps":5500 | "steps":"5500" | field steps is
            "test":{ | "tests":{ | field metrics holds "tests"
            """)
    void summaryOfAnotherFormIsRefused(String found, String replacement, String sentence) {
        assertTrue(LINE.contains(found), found);
        String line = LINE.replace(found, replacement == null ? "" : replacement);
        UserError error = assertThrows(UserError.class, () -> parse(line));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith("run.json: "), error.getMessage());
        assertTrue(error.getMessage().contains(sentence), error.getMessage());
    }

    @Test
    void qualityOfNoRowsIsRefused() {
        Metrics ofNoRows = new Metrics(Double.NaN, Double.NaN, 0);
        assertThrows(IllegalArgumentException.class, () -> Quality.of(ofNoRows));
        assertEquals(new Quality(2, 0.5), Quality.of(new Metrics(2, 0.5, 8)));
    }

    private static RunSummary parse(String line) {
        return RunSummary.parse(line.getBytes(UTF_8), "run.json");
    }
}
