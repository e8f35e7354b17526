package io.treegrad.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of a run, put here as soon as it is known, so that a run that fails late still says what it did. The
 * object behind {@code --json} and {@code run.json}. Not for several threads.
 */
final class Summary {
    static final int SCHEMA = 1;

    private final Map<String, Object> facts = new LinkedHashMap<>();

    /** A fact: text, number, boolean, list or map of these. A later one of the same name takes its place. */
    Summary put(String name, Object fact) {
        facts.put(name, fact);
        return this;
    }

    Map<String, Object> succeeded() {
        return ended("succeeded", 0, Map.of());
    }

    Map<String, Object> failed(int exitCode, String error) {
        return ended("failed", exitCode, Map.of("error", error));
    }

    private Map<String, Object> ended(String status, int exitCode, Map<String, Object> error) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("schema", SCHEMA);
        all.put("status", status);
        all.put("exitCode", exitCode);
        all.putAll(error);
        all.putAll(facts);
        return all;
    }

    /** On one line, in ASCII, so that no locale can spoil it. */
    static String json(Map<String, Object> object) {
        ObjectMapper mapper =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        try {
            return mapper.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a fact that is no JSON", e);
        }
    }
}
