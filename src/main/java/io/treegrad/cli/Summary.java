package io.treegrad.cli;

import io.treegrad.model.Json;
import io.treegrad.run.RunRecord;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The results of a command, which {@code --json} prints. Each fact is put here as soon as it is known, so that a
 * command that fails late still says what it did. A training run uses its {@link RunRecord} instead. Not thread-safe.
 */
final class Summary {
    static final int SCHEMA = 1;

    private final Map<String, Object> facts = new LinkedHashMap<>();
    private RunRecord record;

    /** A fact: text, number, boolean, list, map or record of these. Replaces an earlier one of the same name. */
    Summary put(String name, Object fact) {
        facts.put(name, fact);
        return this;
    }

    /** Prints this record instead of the facts. */
    void replaceBy(RunRecord run) {
        record = run;
    }

    String succeeded() {
        return json(record != null ? record.succeeded() : ended("succeeded", 0, Map.of()));
    }

    String failed(int exitCode, String error) {
        return json(
                record != null ? record.failed(exitCode, error) : ended("failed", exitCode, Map.of("error", error)));
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

    /** On one line, in ASCII, so that it is the same in every locale, and without passwords. */
    static String json(Object object) {
        return new String(Json.redactedLine(object), StandardCharsets.US_ASCII);
    }
}
