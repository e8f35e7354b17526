package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.GradientSum;
import io.treegrad.network.Sums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.junit.jupiter.api.Test;

class AnswerReceiverTest {
    private final AnswerReceiver receiver = new AnswerReceiver(2);
    private final List<Answer<GradientSum>> answers = new ArrayList<>();

    private static StreamHeader.Node leaf(long request, int nodes, int leaf) {
        return new StreamHeader.Node(request, 0, nodes, leaf, 0, Sums.unweighted(0.5, 1, 2 + leaf), 7);
    }

    private void receive(StreamHeader.Node header, float... gradient) throws IOException {
        StreamCallbackWithID stream = receiver.receive(header, gradient.length, answers::add, broken -> {});
        stream.onData("", new FloatStream(gradient, 0, gradient.length).nioByteBuffer());
        stream.onComplete("");
    }

    @Test
    void anAnswerIsWholeWhenAllOfItsNodesAreThere() throws IOException {
        receive(leaf(1, 2, 0), 1, 2, 3);
        assertTrue(answers.isEmpty());
        receive(leaf(1, 2, 1), 10, 20, 30);
        GradientSum total = answers.get(0).sum().total();
        assertArrayEquals(new float[] {11, 22, 33}, total.gradient());
        assertEquals(5, total.counts().rows());
        assertEquals(7, answers.get(0).computeNanos());
    }

    @Test
    void theNextAnswerMayBeASliceOfAnotherLength() throws IOException {
        receive(leaf(1, 1, 0), 1, 2, 3);
        receive(leaf(2, 1, 0), 4);
        receive(leaf(3, 1, 0), 5, 6);
        answers.get(2).sum().forEach((first, level, node) -> assertArrayEquals(new float[] {5, 6}, node.gradient()));
    }

    @Test
    void noAnswerHasMoreNodesThanItSaysOrThanTheTreeHasLeaves() throws IOException {
        assertRefused("node 1 of an answer of 3 nodes in a tree of 2 leaves", leaf(1, 3, 0));
        assertRefused("node 1 of an answer of 0 nodes in a tree of 2 leaves", leaf(2, 0, 0));
        receive(leaf(3, 1, 0), 1);
        assertRefused("node 2 of an answer of 1 nodes in a tree of 2 leaves", leaf(3, 1, 1));
    }

    private void assertRefused(String reason, StreamHeader.Node header) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> receiver.receive(header, 1, answers::add, broken -> {}));
        assertEquals(reason, refused.getMessage());
    }
}
