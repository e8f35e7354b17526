package io.treegrad.cli;

import io.treegrad.model.Json;
import io.treegrad.run.RunRecord;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command has found out, put here as soon as it is known, so that a command that fails late still says what it did:
 * the object behind {@code --json}. A training run tells by its {@link RunRecord} instead. Not for several threads.
 */
final class Summary {
    static final int SCHEMA = 1;

    private final Map<String, Object> facts = new LinkedHashMap<>();
    private RunRecord record;

    /** A fact: text, number, boolean, list, map or record of these. A later one of the same name takes its place. */
    Summary put(String name, Object fact) {
        facts.put(name, fact);
        return this;
    }

    /** Tells of this run, and of nothing else. */
    void tellOf(RunRecord run) {
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

    /** On one line, in ASCII, so that no locale can spoil it, and without passwords. */
    static String json(Object object) {
        return new String(Json.redactedLine(object), StandardCharsets.US_ASCII);
    }
}
