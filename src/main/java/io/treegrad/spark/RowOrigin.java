package io.treegrad.spark;

import io.treegrad.data.Storage;
import java.io.Serializable;

/** What a partition holds, and how to reach storage. Travels once, as a broadcast, and not with every task. */
record RowOrigin(ShardAssignment assignment, Storage storage) implements Serializable {}
