package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.training.LossTrace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossCurveTest {
    @Test
    void theLossesOfWholePointsAreReadAsTheyWereWritten() {
        LossCurve curve = LossCurve.of(new LossTrace(new float[] {2.5f, 0.75f}, 2, 0.5, 1));
        String text = new String(curve.toBytes(), StandardCharsets.US_ASCII);
        assertEquals("{\"schema\":1,\"stepsPerPoint\":2,\"meanLoss\":[2.5,0.75]}", text);
        assertEquals(curve, LossCurve.parse(curve.toBytes(), LossCurve.FILE));
        assertEquals(List.of(2.5f, 0.75f), curve.meanLoss());
    }

    @Test
    void pointsOfNoStepsAreRefused() {
        byte[] none = "{\"schema\":1,\"stepsPerPoint\":0,\"meanLoss\":[]}".getBytes(StandardCharsets.US_ASCII);
        UserError error = assertThrows(UserError.class, () -> LossCurve.parse(none, LossCurve.FILE));
        assertEquals(
                "losses.json: stepsPerPoint is 0, expected at least 1. The file is damaged or of another kind: use a good copy.",
                error.getMessage());
    }
}
