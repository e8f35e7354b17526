package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.training.EpochResult;
import io.treegrad.training.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {
    /** Every fifth is not validated. */
    private static List<EpochResult> epochs(int count) {
        Random random = new Random(11);
        List<EpochResult> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= count; epoch++) {
            Metrics train = new Metrics(random.nextDouble() / 3, random.nextDouble(), 60_000);
            Metrics validation = new Metrics(random.nextDouble() * 1e-300, random.nextDouble(), 5_000);
            epochs.add(new EpochResult(epoch, train, epoch % 5 == 0 ? null : validation));
        }
        return epochs;
    }

    @Test
    void everyBitComesBack() {
        for (int count : new int[] {0, 1, 5, 1000}) {
            List<EpochResult> epochs = epochs(count);
            assertEquals(
                    epochs, EpochHistory.of(new EpochHistory(epochs).toBytes()).epochs());
        }
    }

    @Test
    void theHistoryOfALongRunIsReadBackFromJson() {
        List<EpochResult> epochs = epochs(100_000);
        byte[] json = Json.line(new EpochHistory(epochs));
        assertTrue(json.length > 1 << 22, "a short text shows nothing");
        byte[] told = Base64.getDecoder().decode(Json.tree(json, "meta.json").textValue());
        assertEquals(epochs, EpochHistory.of(told).epochs());
    }

    @Test
    void partOfAnEpochIsRefused() {
        byte[] bytes = new EpochHistory(epochs(2)).toBytes();
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class, () -> EpochHistory.of(Arrays.copyOf(bytes, bytes.length - 1)));
        assertEquals("95 bytes of epochs, expected a multiple of 48", error.getMessage());
    }
}
