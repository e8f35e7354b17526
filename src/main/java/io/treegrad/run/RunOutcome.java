package io.treegrad.run;

import io.treegrad.model.TrainedModel;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param model that was published; empty where the run had finished before and nothing was done
 */
public record RunOutcome(RunRecord record, Optional<TrainedModel> model) {}
