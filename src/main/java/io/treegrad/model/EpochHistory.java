package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import io.treegrad.training.EpochResult;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The results of all epochs, as a checkpoint stores them: bit for bit, and fast to write, since each checkpoint stores
 * all of them. People read {@code metrics.jsonl} instead.
 */
final class EpochHistory {
    private final List<EpochResult> epochs;

    /** @param epochs numbered from 1 */
    EpochHistory(List<EpochResult> epochs) {
        this.epochs = Collections.unmodifiableList(epochs);
    }

    List<EpochResult> epochs() {
        return epochs;
    }

    /**
     * Which metrics there are, and their values.
     *
     * <pre>
     *   an epoch     rows (long), training metrics, validation metrics; little-endian
     *   a metric     its value (double), or NaN where there is none
     * </pre>
     *
     * @param train keys of the metrics of training
     * @param validation keys of those of the validation; none if no epoch was validated
     * @param values from position to limit, which never move; Base64 in JSON
     */
    @JsonPropertyOrder({"train", "validation", "values"})
    record Columns(List<String> train, List<String> validation, ByteBuffer values) {
        Columns {
            Require.present(train, "train").forEach(key -> Require.present(key, "an element of train"));
            Require.present(validation, "validation").forEach(key -> Require.present(key, "an element of validation"));
            Require.present(values, "values");
            int width = width(train, validation);
            if (values.remaining() % width != 0) {
                throw new IllegalArgumentException(
                        values.remaining() + " bytes of epochs, expected a multiple of " + width);
            }
        }

        private static int width(List<String> train, List<String> validation) {
            return Long.BYTES + (train.size() + validation.size()) * Double.BYTES;
        }
    }

    @JsonValue
    Columns toColumns() {
        List<String> train = keys(epochs.stream().map(EpochResult::train).toList());
        List<String> validation = keys(epochs.stream()
                .map(EpochResult::validation)
                .filter(Objects::nonNull)
                .toList());
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(epochs.size(), Columns.width(train, validation)))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (EpochResult epoch : epochs) {
            bytes.putLong(epoch.rows());
            put(epoch.train(), train, bytes);
            put(epoch.validation(), validation, bytes);
        }
        return new Columns(train, validation, bytes.flip());
    }

    private static List<String> keys(List<MetricValues> values) {
        return MetricValues.union(values).stream().map(Metric::key).toList();
    }

    private static void put(MetricValues values, List<String> keys, ByteBuffer bytes) {
        Map<String, Double> byKey = values == null ? Map.of() : values.byKey();
        keys.forEach(key -> bytes.putDouble(byKey.getOrDefault(key, Double.NaN)));
    }

    /** @throws IllegalArgumentException if an epoch has no loss or accuracy */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static EpochHistory of(Columns columns) {
        ByteBuffer remaining = columns.values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        List<EpochResult> epochs = new ArrayList<>();
        while (remaining.hasRemaining()) {
            long rows = remaining.getLong();
            Map<String, Double> train = take(columns.train, remaining);
            Map<String, Double> validation = take(columns.validation, remaining);
            epochs.add(new EpochResult(
                    epochs.size() + 1L,
                    rows,
                    MetricValues.named(train),
                    validation.isEmpty() ? null : MetricValues.named(validation)));
        }
        return new EpochHistory(epochs);
    }

    private static Map<String, Double> take(List<String> keys, ByteBuffer bytes) {
        Map<String, Double> values = new HashMap<>();
        for (String key : keys) {
            double value = bytes.getDouble();
            if (!Double.isNaN(value)) {
                values.put(key, value);
            }
        }
        return values;
    }
}
