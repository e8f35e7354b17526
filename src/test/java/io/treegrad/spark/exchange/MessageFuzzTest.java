package io.treegrad.spark.exchange;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever another process sends, it is a message or refused. */
class MessageFuzzTest {
    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void report(byte[] bytes) {
        decode(bytes, ExecutorReport.class);
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void reply(byte[] bytes) {
        decode(bytes, ExecutorReport.Reply.class);
    }

    private static void decode(byte[] bytes, Class<?> type) {
        try {
            Message.decode(new Object[] {bytes, new float[3]}, type);
        } catch (IllegalArgumentException expected) {
            // refused
        }
    }
}
