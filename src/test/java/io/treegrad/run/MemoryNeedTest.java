package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.spark.ClusterMemory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final long MEBIBYTE = 1 << 20;
    /** 1000 parameters a class. */
    private static final Network NETWORK =
            Network.dense(List.of(784, 10), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);

    private final StepPlan steps = new StepPlan(60_000, 4, 100, 1);
    private final SyntheticDigits digits = new SyntheticDigits(1, 0, 60_000);
    private final Map<Part, ShardedPart> parts =
            Map.of(Part.TRAIN, new ShardedPart(digits, RowSet.range(0, 60_000), steps.shardPlan()));

    @Test
    void theDriverHoldsVectorsOfParametersAndATableOfCounts() {
        long parameters = 7850 * 4;
        long counts = 100 * 8;
        // parameters and gradient sum; with Adam and checkpoints two vectors of state, and a copy of three
        assertEquals(2 * parameters + counts, new MemoryNeed(NETWORK, parts, steps, 0, false).driverBytes());
        assertEquals(7 * parameters + counts, new MemoryNeed(NETWORK, parts, steps, 2, true).driverBytes());
    }

    @Test
    void aTaskHoldsASumAndTheBuffersOfABlock() {
        long buffers = 512 * 2 * 10 * 4;
        assertEquals(7850 * 4 + 100 * 8 + buffers, new MemoryNeed(NETWORK, parts, steps, 0, false).taskBytes());
    }

    @Test
    void tooLittleMemoryIsRefusedWithBothNumbers() {
        Network wide = Network.dense(
                List.of(784, 300, 10), List.of(Activation.SIGMOID, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        MemoryNeed need = new MemoryNeed(wide, parts, steps, 0, false);
        ClusterMemory roomy = new ClusterMemory(true, 64 * MEBIBYTE, 0, 1);
        assertDoesNotThrow(() -> need.requireTasks(roomy, 4, 4));
        // 0.9 MiB of parameters, twice; a sum of as much in each task, and 1.2 MiB of buffers
        ClusterMemory tight = new ClusterMemory(true, 7 * MEBIBYTE, 0, 1);
        assertDoesNotThrow(() -> need.requireDriver(tight));
        UserError error = assertThrows(UserError.class, () -> need.requireTasks(tight, 4, 4));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(
                error.getMessage().startsWith("The driver has 7 MiB of memory, expected at least 11 MiB: "),
                error.getMessage());
        // one after the other they would fit
        assertDoesNotThrow(() -> need.requireTasks(tight, 4, 2));
        ClusterMemory executors = new ClusterMemory(false, 7 * MEBIBYTE, MEBIBYTE, 1);
        assertTrue(assertThrows(UserError.class, () -> need.requireTasks(executors, 4, 4))
                .getMessage()
                .startsWith("The executor has 1 MiB of memory, expected at least 3 MiB: "));
    }

    @Test
    void rowsStayInMemoryWhereExecutorsHaveRoomForAllOfTheirBytes() {
        MemoryNeed need = new MemoryNeed(NETWORK, parts, steps, 0, false);
        // 60,000 rows of 788 bytes are 46 MiB; of 400 MiB Spark leaves 30 for blocks at least
        ClusterMemory executors = new ClusterMemory(false, 0, 400 * MEBIBYTE, 1);
        assertFalse(need.rowsStayInMemory(executors, 1));
        assertTrue(need.rowsStayInMemory(executors, 2));
    }
}
