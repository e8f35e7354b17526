package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import io.treegrad.training.LossTrace;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of every step of a run, as {@code losses.json} holds it.
 *
 * @param schema version of this record, 1
 * @param stepsPerPoint number of steps that each loss averages: 1 unless the run was long
 * @param meanLoss element i is the mean loss of the steps from {@code i · stepsPerPoint} on
 */
@JsonPropertyOrder({"schema", "stepsPerPoint", "meanLoss"})
public record LossCurve(int schema, long stepsPerPoint, List<Float> meanLoss) {
    /** Name of the file. */
    public static final String FILE = "losses.json";

    private static final int SCHEMA = 1;

    public LossCurve {
        Require.atLeast(1, stepsPerPoint, "stepsPerPoint");
        meanLoss = List.copyOf(Require.present(meanLoss, "meanLoss"));
    }

    public static LossCurve of(LossTrace trace) {
        List<Float> losses = new ArrayList<>();
        for (float point : trace.points()) {
            losses.add(point);
        }
        return new LossCurve(SCHEMA, trace.stepsPerPoint(), losses);
    }

    public byte[] toBytes() {
        return Json.line(this);
    }

    /**
     * @param path names the file in messages
     * @throws UserError BAD_DATA if the bytes are not a loss curve
     */
    public static LossCurve parse(byte[] bytes, String path) {
        return Json.read(bytes, SCHEMA, LossCurve.class, path);
    }
}
