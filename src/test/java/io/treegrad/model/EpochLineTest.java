package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.training.EpochResult;
import io.treegrad.training.MetricValues;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpochLineTest {
    private static List<EpochLine> parsed(String text) {
        return EpochLine.parse(text.getBytes(StandardCharsets.UTF_8), EpochLine.FILE);
    }

    @Test
    void anEpochIsALineWithAllItsMetrics() {
        MetricValues validation = MetricValues.named(Map.of("loss", 0.25, "accuracy", 0.75, "auc", 0.5));
        EpochLine line = EpochLine.of(new EpochResult(2, 500, MetricValues.ofTraining(0.5, 1), validation), 20, 2.0);
        String text = new String(EpochLine.toBytes(List.of(line)), StandardCharsets.UTF_8);
        assertEquals("""
                {"schema":1,"epoch":2,"step":20,"train":{"loss":0.5,"accuracy":1.0},\
                "validation":{"loss":0.25,"accuracy":0.75,"auc":0.5},"rowsPerSecond":250,"seconds":2.0}
                """, text);
        assertEquals(List.of(line), parsed(text));
    }

    @Test
    void linesOfOlderAndNewerVersionsAreRead() {
        List<EpochLine> lines = parsed("""
                {"schema":1,"epoch":1,"step":10,"train":{"loss":0.5,"accuracy":0.75}}
                {"schema":1,"epoch":2,"step":20,"train":{"loss":0.25,"notYetThere":7.5,"accuracy":1}}
                """);
        assertEquals(MetricValues.ofTraining(0.5, 0.75), lines.get(0).train());
        assertEquals(MetricValues.ofTraining(0.25, 1), lines.get(1).train());
    }

    @Test
    void aLineWithoutLossIsRefused() {
        UserError error = assertThrows(
                UserError.class, () -> parsed("{\"schema\":1,\"epoch\":1,\"step\":10,\"train\":{\"accuracy\":0.5}}"));
        assertEquals(
                "metrics.jsonl: in field train, loss is missing, expected a finite number from 0 up."
                        + " The file is damaged or of another kind: use a good copy.",
                error.getMessage());
    }
}
