package io.treegrad.spark.exchange;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.network.client.StreamCallbackWithID;

/**
 * Takes the nodes of one answer after the other as they come over one connection, into arrays that the next answer
 * overwrites. For the thread of that connection.
 */
final class AnswerReceiver {
    private final int shards;
    private final List<GradientSum> sums = new ArrayList<>();
    private long answering;
    private int begun;
    private int whole;
    private TreeSum<GradientSum> answer;

    AnswerReceiver(int shards) {
        this.shards = shards;
    }

    /**
     * Begins a node of the answer to a request.
     *
     * @param length of the slice that is expected
     * @param whenWhole given the answer when all of its nodes have arrived
     * @throws IllegalArgumentException if no such node is expected
     */
    StreamCallbackWithID receive(
            StreamHeader.Node header,
            int length,
            Consumer<Answer<GradientSum>> whenWhole,
            Consumer<Throwable> whenBroken) {
        if (answering != header.number()) {
            answering = header.number();
            begun = 0;
            whole = 0;
            answer = new TreeSum<>(shards);
        }
        if (header.nodes() < 1 || header.nodes() > shards || begun >= header.nodes()) {
            throw new IllegalArgumentException("node " + (begun + 1) + " of an answer of " + header.nodes()
                    + " nodes in a tree of " + shards + " leaves");
        }
        GradientSum sum = sum(begun++, length);
        sum.setCounts(header.counts());
        return new FloatReceiver(
                sum.gradient(),
                0,
                length,
                () -> {
                    answer.putNode(header.firstLeaf(), header.level(), sum);
                    if (++whole == header.nodes()) {
                        whenWhole.accept(new Answer<>(answer, header.computeNanos()));
                    }
                },
                whenBroken);
    }

    private GradientSum sum(int index, int length) {
        if (index == sums.size()) {
            sums.add(new GradientSum(length));
        } else if (sums.get(index).gradient().length != length) {
            sums.set(index, new GradientSum(length));
        }
        return sums.get(index);
    }
}
