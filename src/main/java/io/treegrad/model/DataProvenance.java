package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.data.Part;
import java.util.Map;
import java.util.SortedMap;

/**
 * Which data a run used.
 *
 * @param kind {@code mnist}, {@code synthetic} or the format of the user's files
 * @param description one sentence for people, which also says if synthetic digits replaced missing data
 * @param rows number of rows of each part
 * @param sha256 of each file as stored, by its name; empty for synthetic data
 * @param rowsSha256 of the rows of each part in memory, where they were trained and measured on; empty in models of versions
 *     that did not record it
 * @param profile of the training rows; null in models of versions that did not record it, and of sweeps
 */
@JsonPropertyOrder({"kind", "description", "rows", "sha256", "rowsSha256", "profile"})
public record DataProvenance(
        String kind,
        String description,
        Map<Part, Long> rows,
        Map<String, String> sha256,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<Part, String> rowsSha256,
        @JsonInclude(JsonInclude.Include.NON_NULL) DataProfile profile) {
    public DataProvenance {
        Require.text(kind, "kind");
        Require.text(description, "description");
        SortedMap<Part, Long> counts = Require.sorted(rows, "rows");
        counts.forEach((part, count) -> Require.atLeast(0, count, "rows of " + part.label()));
        rows = counts;
        sha256 = Require.sorted(sha256, "sha256");
        sha256.forEach((file, hex) -> Require.sha256(hex, "sha256 of " + file));
        rowsSha256 = Require.sorted(rowsSha256 == null ? Map.of() : rowsSha256, "rowsSha256");
        rowsSha256.forEach((part, hex) -> Require.sha256(hex, "rowsSha256 of " + part.label()));
    }
}
