package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import io.treegrad.training.EpochResult;
import io.treegrad.training.MetricValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An epoch as a line of {@code metrics.jsonl}.
 *
 * @param schema version of this record, 1
 * @param epoch from 1
 * @param step steps made by its end
 * @param train metrics of its steps, each with the parameters at which the step took its gradient
 * @param validation metrics with the parameters at its end; null if it was not validated
 * @param rowsPerSecond training rows a second over its steps; null if a crash lost the number
 * @param seconds that its steps took; null together with {@code rowsPerSecond}
 */
@JsonPropertyOrder({"schema", "epoch", "step", "train", "validation", "rowsPerSecond", "seconds"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochLine(
        int schema,
        long epoch,
        long step,
        MetricValues train,
        MetricValues validation,
        Long rowsPerSecond,
        Double seconds) {
    /** Name of the file. */
    public static final String FILE = "metrics.jsonl";

    private static final int SCHEMA = 1;

    public EpochLine {
        Require.atLeast(1, epoch, "epoch");
        Require.present(train, "train").requireValid();
        if (validation != null) {
            validation.requireValid();
        }
    }

    /** @param seconds that the steps of the epoch took; null if unknown */
    public static EpochLine of(EpochResult result, long step, Double seconds) {
        return new EpochLine(
                SCHEMA,
                result.epoch(),
                step,
                result.train(),
                result.validation(),
                seconds == null ? null : Math.round(result.rows() / Math.max(1e-9, seconds)),
                seconds == null ? null : Math.round(seconds * 1e6) / 1e6);
    }

    /** The content of the file, one epoch a line. */
    public static byte[] toBytes(List<EpochLine> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(new String(Json.line(line), StandardCharsets.US_ASCII))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @param path names the file in messages
     * @throws UserError BAD_DATA if a line is not an epoch
     */
    public static List<EpochLine> parse(byte[] bytes, String path) {
        List<EpochLine> lines = new ArrayList<>();
        new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .forEach(line ->
                        lines.add(Json.read(line.getBytes(StandardCharsets.UTF_8), SCHEMA, EpochLine.class, path)));
        return lines;
    }
}
