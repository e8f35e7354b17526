package io.treegrad.spark.exchange;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.network.client.TransportClient;

/**
 * An executor's answer to a request, in slices: the same slice of each of its nodes. Slices are sent from the
 * arrays of the answer, and copies are used again for the next one, so those who were sent the one before must have taken it.
 */
final class AnswerSlices {
    private final List<GradientSum> copies = new ArrayList<>();
    private long number;
    private TreeSum<GradientSum> sum;
    private long computeNanos;
    private Slicing slicing;

    /** @param answer to the request of that number; it must not change before the last slice is sent and copied */
    void set(long request, Answer<GradientSum> answer, Slicing cut) {
        number = request;
        sum = answer.sum();
        computeNanos = answer.computeNanos();
        slicing = cut;
    }

    /** @param whenBroken called if the receiver refuses it or cannot be reached */
    void send(int slice, TransportClient receiver, Consumer<Throwable> whenBroken) {
        sum.forEach((firstLeaf, level, node) -> new FloatStream(node.gradient(), slicing.from(slice), slicing.to(slice))
                .send(
                        new StreamHeader.Node(
                                number, slice, sum.nodes(), firstLeaf, level, node.counts(), computeNanos),
                        receiver,
                        whenBroken));
    }

    /** A slice that may be added to. */
    TreeSum<GradientSum> copy(int slice, int shards) {
        int length = slicing.length(slice);
        TreeSum<GradientSum> copy = new TreeSum<>(shards);
        int[] copied = {0};
        sum.forEach((firstLeaf, level, node) -> {
            if (copied[0] == copies.size()) {
                copies.add(new GradientSum(length));
            }
            GradientSum nodeCopy = copies.get(copied[0]++);
            System.arraycopy(node.gradient(), slicing.from(slice), nodeCopy.gradient(), 0, length);
            nodeCopy.setCounts(node.counts());
            copy.putNode(firstLeaf, level, nodeCopy);
        });
        return copy;
    }
}
