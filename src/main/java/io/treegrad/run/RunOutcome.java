package io.treegrad.run;

import io.treegrad.model.TrainedModel;
import java.util.Optional;

/**
 * The result of a run.
 *
 * @param model that was published; empty if the run had already finished and nothing was done
 */
public record RunOutcome(RunRecord record, Optional<TrainedModel> model) {}
