package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.training.EpochResult;
import io.treegrad.training.MetricValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {
    /** Every fifth is not validated, every third has no AUC. */
    private static List<EpochResult> epochs(int count) {
        Random random = new Random(11);
        List<EpochResult> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= count; epoch++) {
            MetricValues train = MetricValues.ofTraining(random.nextDouble() / 3, random.nextDouble());
            Map<String, Double> validation = new HashMap<>();
            validation.put("loss", random.nextDouble() * 1e-300);
            validation.put("accuracy", random.nextDouble());
            if (epoch % 3 != 0) {
                validation.put("auc", random.nextDouble());
            }
            epochs.add(new EpochResult(
                    epoch, 60_000 + epoch, train, epoch % 5 == 0 ? null : MetricValues.named(validation)));
        }
        return epochs;
    }

    @Test
    void everyBitComesBack() {
        for (int count : new int[] {0, 1, 5, 1000}) {
            List<EpochResult> epochs = epochs(count);
            assertEquals(
                    epochs,
                    EpochHistory.of(new EpochHistory(epochs).toColumns()).epochs());
        }
    }

    @Test
    void theHistoryOfALongRunIsReadBackFromJson() {
        List<EpochResult> epochs = epochs(100_000);
        byte[] json = Json.line(new EpochHistory(epochs));
        assertTrue(json.length > 1 << 22, "a short text shows nothing");
        JsonNode columns = Json.tree(json, "meta.json");
        assertEquals(
                "[\"loss\",\"accuracy\",\"auc\"]", columns.get("validation").toString());
        byte[] values = Base64.getDecoder().decode(columns.get("values").textValue());
        EpochHistory read = EpochHistory.of(new EpochHistory.Columns(
                List.of("loss", "accuracy"), List.of("loss", "accuracy", "auc"), ByteBuffer.wrap(values)));
        assertTrue(epochs.equals(read.epochs()), "the epochs differ; a message with all of them helps nobody");
    }

    @Test
    void partOfAnEpochIsRefused() {
        List<String> two = List.of("loss", "accuracy");
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> new EpochHistory.Columns(two, two, ByteBuffer.wrap(new byte[2 * 40 - 1])));
        assertEquals("79 bytes of epochs, expected a multiple of 40", error.getMessage());
    }

    @Test
    void metricsOfANewerVersionAreSkipped() {
        ByteBuffer values = ByteBuffer.allocate(4 * 8).order(ByteOrder.LITTLE_ENDIAN);
        values.putLong(10).putDouble(99).putDouble(0.5).putDouble(0.75).flip();
        EpochHistory.Columns columns =
                new EpochHistory.Columns(List.of("notYetThere", "loss", "accuracy"), List.of(), values);
        assertEquals(
                List.of(new EpochResult(1, 10, MetricValues.ofTraining(0.5, 0.75), null)),
                EpochHistory.of(columns).epochs());
    }
}
