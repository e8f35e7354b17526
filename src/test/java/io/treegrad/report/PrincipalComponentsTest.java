package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalComponentsTest {
    private static final double ROOT_HALF = Math.sqrt(0.5);

    @Test
    void theEllipseHasItsLongAxisFirst() {
        // [[2, 1], [1, 2]] has the eigenvalues 3 along (1, 1) and 1 across it
        PrincipalComponents components = PrincipalComponents.of(new double[] {5, 7}, new double[] {2, 1, 1, 2}, 2);
        assertEquals(3, components.variance(0), 1e-12);
        assertEquals(1, components.variance(1), 1e-12);
        assertEquals(0.75, components.share(0), 1e-12);
        assertEquals(ROOT_HALF, components.direction(0, 0), 1e-12);
        assertEquals(ROOT_HALF, components.direction(0, 1), 1e-12);
        assertEquals(ROOT_HALF, components.direction(1, 0), 1e-12);
        assertEquals(-ROOT_HALF, components.direction(1, 1), 1e-12);
        // (6, 7) lies one unit from the mean along the first feature
        assertArrayEquals(new double[] {ROOT_HALF, ROOT_HALF}, components.project(new float[] {6, 7}), 1e-12);
        assertArrayEquals(new double[] {0, 0}, components.project(new float[] {5, 7}), 1e-12);
    }

    @Test
    void theLargestEntryOfEachDirectionIsPositive() {
        PrincipalComponents components =
                PrincipalComponents.of(new double[3], new double[] {4, -1, 0, -1, 1, 0, 0, 0, 9}, 3);
        assertEquals(9, components.variance(0), 1e-12);
        assertEquals(1, components.direction(0, 2), 1e-12);
        for (int component = 0; component < 3; component++) {
            double largest = 0;
            for (int feature = 0; feature < 3; feature++) {
                double entry = components.direction(component, feature);
                largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
            }
            assertEquals(Math.abs(largest), largest, "component " + component);
        }
    }

    @Test
    void rowsThatDoNotVaryLieAtTheOrigin() {
        PrincipalComponents components = PrincipalComponents.of(new double[] {1, 2, 3}, new double[9], 3);
        for (int component = 0; component < 3; component++) {
            assertEquals(0, components.variance(component));
            assertEquals(0, components.share(component));
        }
        assertArrayEquals(new double[3], components.project(new float[] {1, 2, 3}), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide", "tall", "flat"})
    void numpyFindsTheSameComponents(String name) throws IOException {
        Map<String, double[]> golden = golden(name);
        PrincipalComponents components = PrincipalComponents.of(golden.get("mean"), golden.get("covariance"), 3);
        int features = components.features();
        for (int component = 0; component < 3; component++) {
            double variance = golden.get("variances")[component];
            assertEquals(variance, components.variance(component), 1e-12 * variance);
            assertEquals(golden.get("shares")[component], components.share(component), 1e-12);
            for (int feature = 0; feature < features; feature++) {
                assertEquals(
                        golden.get("directions")[component * features + feature],
                        components.direction(component, feature),
                        1e-10,
                        "component " + component + ", feature " + feature);
            }
        }
        float[] row = new float[features];
        for (int feature = 0; feature < features; feature++) {
            row[feature] = (float) golden.get("row")[feature];
        }
        assertArrayEquals(golden.get("place"), components.project(row), 1e-9);
    }

    @Test
    void whatIsNoCovarianceIsRefusedByItsNumbers() {
        assertMessage(
                "4 principal components of 3 features: expected 1 to 3",
                () -> PrincipalComponents.of(new double[3], new double[9], 4));
        assertMessage(
                "a covariance of 8 values for 3 features: expected 9",
                () -> PrincipalComponents.of(new double[3], new double[8], 3));
        assertMessage(
                "a covariance of NaN: expected finite numbers",
                () -> PrincipalComponents.of(new double[1], new double[] {Double.NaN}, 1));
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    private static Map<String, double[]> golden(String name) throws IOException {
        Map<String, double[]> fields = new HashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                PrincipalComponentsTest.class.getResourceAsStream("principal-components.csv"),
                StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                String[] values = line.split(",");
                if (values[0].equals(name)) {
                    fields.put(
                            values[1],
                            Arrays.stream(values, 2, values.length)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
                }
            }
        }
        return fields;
    }
}
