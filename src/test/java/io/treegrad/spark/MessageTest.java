package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.treegrad.data.Part;
import io.treegrad.network.SplitMix64;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final CrewReport REPORT = new CrewReport("crew", "7 at here", 2, 41, null);
    private static final CrewReport.Reply.Work WORK =
            new CrewReport.Reply.Work(42, new Request.Evaluation(new float[] {1, -2, 3}, Part.TEST, 5));

    @Test
    void messageArrivesAsItWasSent() {
        assertEquals(REPORT, Message.decode(Message.encode(REPORT), CrewReport.class));
        CrewReport.Reply.Work work =
                (CrewReport.Reply.Work) Message.decode(Message.encode(WORK, 3), CrewReport.Reply.class);
        assertEquals(42, work.number());
        assertEquals(-2, work.request().theta()[1]);
        assertEquals("evaluation on the test part", work.request().toString());
    }

    @Test
    void messageThatIsCutOffAnywhereIsRefused() {
        byte[] whole = Message.encode(WORK);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(
                    IllegalArgumentException.class, () -> Message.decode(part, CrewReport.Reply.class), "" + length);
        }
    }

    @Test
    void messageWithAnyBitTurnedIsReadOrRefusedButNothingElse() {
        byte[] whole = Message.encode(WORK);
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            readOrRefused(damaged, "bit " + bit);
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
            assertThrows(IllegalArgumentException.class, () -> Message.decode(bytes, CrewReport.class), "seed " + seed);
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
        byte[] bytes = Message.encode((Serializable) root);
        assertThrows(IllegalArgumentException.class, () -> Message.decode(bytes, CrewReport.class));
    }

    private static void readOrRefused(byte[] bytes, String which) {
        try {
            Message.decode(bytes, CrewReport.Reply.class);
        } catch (IllegalArgumentException refused) {
            // as it should be
        } catch (Throwable other) {
            fail(which, other);
        }
    }
}
