package io.treegrad.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The expected values that golden.py wrote, by case and field. */
final class Golden {
    private final Map<String, List<String>> lines = new HashMap<>();

    Golden() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Golden.class.getResourceAsStream("golden.csv"), StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                List<String> fields = Arrays.asList(line.split(",", -1));
                lines.put(fields.get(0) + "." + fields.get(1), fields.subList(2, fields.size()));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    List<String> texts(String name, String field) {
        return lines.get(name + "." + field);
    }

    List<Integer> integers(String name, String field) {
        return texts(name, field).stream().map(Integer::valueOf).toList();
    }

    double number(String name, String field) {
        return Double.parseDouble(texts(name, field).get(0));
    }

    float[] floats(String name, String field) {
        List<String> texts = texts(name, field);
        float[] values = new float[texts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(texts.get(i));
        }
        return values;
    }
}
