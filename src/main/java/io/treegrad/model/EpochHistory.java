package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.treegrad.training.EpochResult;
import io.treegrad.training.Metrics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The results of all epochs from the first on, as a checkpoint keeps them: not for people, who have {@code
 * metrics.jsonl}, but every bit, and quickly, since each checkpoint holds all of them anew.
 *
 * <pre>
 *   an epoch     training, validation
 *   each         mean loss, accuracy (doubles), rows (long; 0 if the epoch was not validated), little-endian
 * </pre>
 */
final class EpochHistory {
    private static final int BYTES_OF_AN_EPOCH = 2 * (2 * Double.BYTES + Long.BYTES);
    private static final Metrics NOT_VALIDATED = new Metrics(0, 0, 0);

    private final List<EpochResult> epochs;

    /** @param epochs numbered from 1 */
    EpochHistory(List<EpochResult> epochs) {
        this.epochs = Collections.unmodifiableList(epochs);
    }

    List<EpochResult> epochs() {
        return epochs;
    }

    /** In JSON as Base64. */
    @JsonValue
    byte[] toBytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(epochs.size() * BYTES_OF_AN_EPOCH).order(ByteOrder.LITTLE_ENDIAN);
        for (EpochResult epoch : epochs) {
            put(epoch.train(), bytes);
            put(epoch.validated().orElse(NOT_VALIDATED), bytes);
        }
        return bytes.array();
    }

    private static void put(Metrics metrics, ByteBuffer bytes) {
        bytes.putDouble(metrics.meanLoss()).putDouble(metrics.accuracy()).putLong(metrics.rows());
    }

    /** @throws IllegalArgumentException if they are not a whole number of epochs */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static EpochHistory of(byte[] bytes) {
        if (bytes.length % BYTES_OF_AN_EPOCH != 0) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes of epochs, expected a multiple of " + BYTES_OF_AN_EPOCH);
        }
        ByteBuffer left = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<EpochResult> epochs = new ArrayList<>();
        while (left.hasRemaining()) {
            Metrics train = metrics(left);
            Metrics validation = metrics(left);
            epochs.add(new EpochResult(epochs.size() + 1L, train, validation.rows() == 0 ? null : validation));
        }
        return new EpochHistory(epochs);
    }

    private static Metrics metrics(ByteBuffer bytes) {
        return new Metrics(bytes.getDouble(), bytes.getDouble(), bytes.getLong());
    }
}
