package io.treegrad.spark.exchange;

import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import java.io.Serializable;
import java.util.Objects;

/**
 * What workers answer to a request.
 *
 * @param sum over their shards
 * @param computeNanos how long the slowest of them computed; the rest of the time that an answer takes is for the exchange
 */
public record Answer<T extends Sum<T>>(TreeSum<T> sum, long computeNanos) implements Serializable {
    public Answer {
        Objects.requireNonNull(sum);
    }
}
