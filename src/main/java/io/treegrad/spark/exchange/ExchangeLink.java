package io.treegrad.spark.exchange;

import org.apache.spark.network.client.StreamCallbackWithID;

/** What comes over one connection of an executor; each has one thread. */
interface ExchangeLink {
    /** @throws IllegalArgumentException if it is not what comes next */
    StreamCallbackWithID receive(StreamHeader header);

    void breakOff(String reason);
}
