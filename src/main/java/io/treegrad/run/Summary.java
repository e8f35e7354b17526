package io.treegrad.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a run, put here as soon as it is known, so that a run that fails late still says what it did. The
 * object behind {@code --json} and {@code run.json}. Not for several threads.
 */
public final class Summary {
    public static final int SCHEMA = 1;
    private static final String SUCCEEDED = "succeeded";
    private static final List<String> OWN = List.of("schema", "status", "exitCode", "error");

    private final Map<String, Object> facts = new LinkedHashMap<>();

    /** A fact: text, number, boolean, list or map of these. A later one of the same name takes its place. */
    public Summary put(String name, Object fact) {
        facts.put(name, fact);
        return this;
    }

    /** Whether {@code bytes} tell of a run that succeeded; if so they become the facts of this one. */
    public boolean takeOverIfSucceeded(byte[] bytes) {
        try {
            Map<String, Object> found = new ObjectMapper().readValue(bytes, new TypeReference<>() {});
            if (!SUCCEEDED.equals(found.get("status"))) {
                return false;
            }
            found.forEach((name, fact) -> {
                if (!OWN.contains(name)) {
                    facts.put(name, fact);
                }
            });
            return true;
        } catch (IOException e) {
            return false; // cut short by a crash: not the end of a run that succeeded
        }
    }

    public Object get(String name) {
        return facts.get(name);
    }

    public Map<String, Object> succeeded() {
        return ended(SUCCEEDED, 0, Map.of());
    }

    public Map<String, Object> failed(int exitCode, String error) {
        boolean stopped = exitCode == UserError.Kind.STOPPED.exitCode();
        return ended(stopped ? "stopped" : "failed", exitCode, Map.of("error", error));
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
    public static String json(Map<String, Object> object) {
        ObjectMapper mapper =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        try {
            return mapper.writeValueAsString(redacted(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a fact that is no JSON", e);
        }
    }

    /** The same without any password, wherever in it one may be. */
    private static Object redacted(Object fact) {
        if (fact instanceof String text) {
            return Printable.redacted(text);
        }
        if (fact instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(redacted(name), redacted(value)));
            return copy;
        }
        if (fact instanceof List<?> list) {
            return list.stream().map(Summary::redacted).toList();
        }
        return fact;
    }
}
