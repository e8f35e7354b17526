package io.treegrad.training;

import java.io.Serializable;
import java.util.Optional;

/**
 * The result of an epoch.
 *
 * @param epoch number of the epoch, from 1
 * @param rows visited by its steps
 * @param train metrics of its steps, each with the parameters at which the step took its gradient
 * @param validation metrics with the parameters at the end of the epoch; null if the epoch was not validated
 */
public record EpochResult(long epoch, long rows, MetricValues train, MetricValues validation) implements Serializable {
    public Optional<MetricValues> validated() {
        return Optional.ofNullable(validation);
    }
}
