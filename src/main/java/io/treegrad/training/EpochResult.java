package io.treegrad.training;

import java.io.Serializable;
import java.util.Optional;

/**
 * What an epoch came to.
 *
 * @param epoch number of the epoch, from 1
 * @param rows that its steps visited
 * @param train over the steps of the epoch, each under the parameters it was taken at
 * @param validation under the parameters at the end of the epoch; null when this epoch was not validated
 */
public record EpochResult(long epoch, long rows, MetricValues train, MetricValues validation) implements Serializable {
    public Optional<MetricValues> validated() {
        return Optional.ofNullable(validation);
    }
}
