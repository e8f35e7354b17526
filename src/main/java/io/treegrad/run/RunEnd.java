package io.treegrad.run;

import io.treegrad.model.EpochLine;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A run that has ended, as others are told about it.
 *
 * @param settings of the run, without secrets
 * @param inputs paths of the files that it read; empty if it did not come so far
 */
record RunEnd(
        RunRecord record,
        Map<String, String> settings,
        List<EpochLine> epochs,
        List<String> inputs,
        Instant started,
        Instant ended) {

    /** Whether a model was published that was not published before. */
    boolean hasPublished() {
        return record.hasSucceeded() && record.model() != null && record.unchanged == null;
    }
}
