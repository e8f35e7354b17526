package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingTest {
    private static final Scaling STANDARD = Scaling.standard(new float[] {10, 255, 3}, new float[] {2, 0, 0.5f});

    @Test
    void bytesReachTheEndsOfTheirIntervals() {
        assertEquals(0f, Scaling.unit().apply(0, 0));
        assertEquals(1f, Scaling.unit().apply(255, 0));
        assertEquals(0.2f, Scaling.unit().apply(51, 0));
        assertEquals(-1f, Scaling.symmetric().apply(0, 0));
        assertEquals(1f, Scaling.symmetric().apply(255, 0));
        assertEquals(200f, Scaling.none().apply(200, 0));
    }

    @Test
    void standardUsesTheStatisticsOfEachFeatureAndSparesConstantOnes() {
        assertEquals(2.5f, STANDARD.apply(15, 0));
        assertEquals(-5f, STANDARD.apply(250, 1));
        assertEquals(-2f, STANDARD.apply(2, 2));
        assertArrayEquals(new float[] {2, 1, 0.5f}, STANDARD.deviation());
    }

    @Test
    void bytesAndFloatsAreScaledToTheSameBits() {
        byte[] bytes = new byte[768];
        float[] floats = new float[768];
        for (int i = 0; i < 768; i++) {
            bytes[i] = (byte) (i * 7);
            floats[i] = bytes[i] & 0xFF;
        }
        Rows asBytes = ByteRowsBuilder.rowsOf(3, bytes, new byte[256]);
        Rows asFloats = new FloatRows(3, floats, new int[256]);
        for (Scaling scaling : new Scaling[] {Scaling.unit(), Scaling.symmetric(), Scaling.none(), STANDARD}) {
            for (int row = 0; row < 256; row++) {
                float[] ofBytes = new float[5];
                float[] ofFloats = new float[5];
                asBytes.scaleInto(row, scaling, ofBytes, 1);
                asFloats.scaleInto(row, scaling, ofFloats, 1);
                assertArrayEquals(ofBytes, ofFloats, scaling.name());
                for (int feature = 0; feature < 3; feature++) {
                    assertEquals(scaling.apply(asBytes.value(row, feature), feature), ofBytes[1 + feature]);
                }
                assertEquals(0f, ofBytes[0]);
                assertEquals(0f, ofBytes[4]);
            }
        }
    }

    @Test
    void scalingIsRestoredFromItsNameAndStatistics() {
        for (Scaling scaling : new Scaling[] {Scaling.unit(), Scaling.symmetric(), Scaling.none(), STANDARD}) {
            Scaling restored = Scaling.of(scaling.name(), scaling.mean(), scaling.deviation());
            assertEquals(scaling, restored);
            assertEquals(scaling.hashCode(), restored.hashCode());
        }
        assertNotEquals(Scaling.unit(), Scaling.symmetric());
        assertNotEquals(STANDARD, Scaling.standard(new float[] {10, 255, 3}, new float[] {2, 0, 0.25f}));
    }

    @Test
    void unknownNameIsRefusedWithTheKnownOnes() {
        float[] none = {};
        UserError error = assertThrows(UserError.class, () -> Scaling.of("zscore", none, none));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals("The scaling is \"zscore\", expected unit, symmetric, standard or none.", error.getMessage());
        assertEquals(List.of("scale"), error.settings());
    }

    @Test
    void unusableStatisticsAreRefused() {
        float[] one = {1};
        assertThrows(IllegalArgumentException.class, () -> Scaling.standard(one, new float[] {1, 2}));
        assertThrows(IllegalArgumentException.class, () -> Scaling.standard(one, new float[] {-1}));
        assertThrows(IllegalArgumentException.class, () -> Scaling.standard(one, new float[] {Float.NaN}));
        assertThrows(IllegalArgumentException.class, () -> Scaling.standard(new float[0], new float[0]));
    }

    @Test
    void laterChangesOfTheArraysDoNotReachTheScaling() {
        float[] mean = {1};
        Scaling scaling = Scaling.standard(mean, new float[] {1});
        mean[0] = 5;
        scaling.mean()[0] = 7;
        assertEquals(1f, scaling.mean()[0]);
    }
}
