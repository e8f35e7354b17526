package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.treegrad.data.Part;
import io.treegrad.network.GradientSum;
import io.treegrad.network.SplitMix64;
import io.treegrad.network.TreeSum;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final ExecutorReport REPORT = new ExecutorReport("group", "7 at here", null, 2, 41, null);
    private static final ExecutorReport.Reply.Work WORK =
            new ExecutorReport.Reply.Work(42, new Request.Evaluation(new float[] {1, -2, 3}, Part.TEST, 5));

    @Test
    void messageArrivesAsItWasSent() {
        assertEquals(REPORT, Message.decode(Message.encode(REPORT), ExecutorReport.class));
        ExecutorReport.Reply.Work work =
                (ExecutorReport.Reply.Work) Message.decode(Message.encode(WORK), ExecutorReport.Reply.class);
        assertEquals(42, work.number());
        assertEquals(-2, work.request().theta()[1]);
        assertEquals("evaluation on the test part", work.request().toString());
    }

    @Test
    void floatsStayTheArraysThatTheyAre() {
        Object[] message = Message.encode(WORK);
        assertSame(WORK.request().theta(), message[1]);
        float[] arrived = {4, 5, 6};
        message[1] = arrived;
        ExecutorReport.Reply.Work work =
                (ExecutorReport.Reply.Work) Message.decode(message, ExecutorReport.Reply.class);
        assertSame(arrived, work.request().theta());
    }

    @Test
    void sumsThatCannotBeJoinedYetKeepTheirOwnFloats() {
        Object[] message =
                Message.encode(new ExecutorReport("group", "7 at here", null, 2, 41, new Answer<>(leaves(0, 1, 4), 5)));
        assertEquals(3, message.length);
        @SuppressWarnings("unchecked") // that is what was encoded
        TreeSum<GradientSum> sum = (TreeSum<GradientSum>)
                Message.decode(message, ExecutorReport.class).answer().sum();
        sum.merge(leaves(1, 2, 8));
        assertArrayEquals(new float[] {0, 15, 0}, sum.total().gradient());
    }

    /** Every second leaf of four, from {@code first} on. */
    private static TreeSum<GradientSum> leaves(int first, float... values) {
        TreeSum<GradientSum> sum = new TreeSum<>(4);
        for (int i = 0; i < values.length; i++) {
            GradientSum gradient = new GradientSum(3);
            gradient.gradient()[1] = values[i];
            sum.put(first + 2 * i, gradient);
        }
        return sum;
    }

    @Test
    void messageThatIsCutOffAnywhereIsRefused() {
        Object[] whole = Message.encode(WORK);
        for (int length = 0; length < bytesOf(whole).length; length++) {
            Object[] part = {Arrays.copyOf(bytesOf(whole), length), whole[1]};
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Message.decode(part, ExecutorReport.Reply.class),
                    "" + length);
        }
        for (Object[] part : new Object[][] {{}, {whole[0]}, {whole[0], null}, {whole[0], "floats"}, {whole[1]}}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Message.decode(part, ExecutorReport.Reply.class),
                    Arrays.toString(part));
        }
    }

    @Test
    void messageWithAnyBitTurnedIsReadOrRefusedButNothingElse() {
        Object[] whole = Message.encode(WORK);
        for (int bit = 0; bit < 8 * bytesOf(whole).length; bit++) {
            byte[] damaged = bytesOf(whole).clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            readOrRefused(new Object[] {damaged, whole[1]}, "bit " + bit);
        }
    }

    @Test
    void randomBytesAreRefused() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) random.nextInt(256);
            }
            Object[] message = {bytes};
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Message.decode(message, ExecutorReport.class),
                    "seed " + seed);
        }
    }

    @Test
    void setsWithinSetsThatWouldTakeHoursToReadAreRefusedAtOnce() {
        // each level holds the next twice, so that its hash asks for all those below: 2^100 of them
        Set<Object> root = new HashSet<>();
        Set<Object> left = root;
        Set<Object> right = new HashSet<>();
        for (int level = 0; level < 100; level++) {
            Set<Object> nextLeft = new HashSet<>();
            Set<Object> nextRight = new HashSet<>();
            nextLeft.add("left");
            left.add(nextLeft);
            left.add(nextRight);
            right.add(nextLeft);
            right.add(nextRight);
            left = nextLeft;
            right = nextRight;
        }
        Object[] message = Message.encode((Serializable) root);
        assertThrows(IllegalArgumentException.class, () -> Message.decode(message, ExecutorReport.class));
    }

    private static byte[] bytesOf(Object[] message) {
        return (byte[]) message[0];
    }

    private static void readOrRefused(Object[] message, String which) {
        try {
            Message.decode(message, ExecutorReport.Reply.class);
        } catch (IllegalArgumentException refused) {
            // as it should be
        } catch (Throwable other) {
            fail(which, other);
        }
    }
}
