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
import io.treegrad.settings.Command;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.ClusterMemory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Of a training with sgd and without checkpoints. */
    private final MemoryNeed need = need(parts);

    private MemoryNeed need(Map<Part, ShardedPart> of, String... more) {
        return need(NETWORK, of, more);
    }

    private MemoryNeed need(Network network, Map<Part, ShardedPart> of, String... more) {
        Map<String, String> keys = new HashMap<>();
        keys.put("spark.treegrad.optimizer", "sgd");
        keys.put("spark.treegrad.checkpoint-every", "none");
        for (String key : more) {
            keys.put("spark.treegrad." + key.split("=")[0], key.split("=")[1]);
        }
        Settings settings = SettingsResolver.resolve(Command.TRAIN, Map.of(), Optional.empty(), keys, Path.of(""));
        return MemoryNeed.ofRun(settings, network, of, steps);
    }

    @Test
    void theDriverHoldsVectorsOfParametersAndATableOfCounts() {
        long parameters = 7850 * 4;
        long counts = 100 * 8;
        // parameters and gradient sum; with Adam and checkpoints two vectors of state, and a copy of three
        assertEquals(2 * parameters + counts, need.driverBytes());
        assertEquals(
                7 * parameters + counts,
                need(parts, "optimizer=adam", "checkpoint-every=1m").driverBytes());
    }

    @Test
    void theBestParametersAreCountedWhereTheyAreKept() {
        Map<Part, ShardedPart> validated = new EnumMap<>(parts);
        validated.put(Part.VALIDATION, parts.get(Part.TRAIN));
        assertEquals(need.driverBytes(), need(validated).driverBytes());
        assertEquals(
                need.driverBytes() + 7850 * 4, need(validated, "patience=3").driverBytes());
    }

    @Test
    void aTaskHoldsASumAndTheBuffersOfABlock() {
        long buffers = 512 * 2 * 10 * 4;
        assertEquals(7850 * 4 + 100 * 8 + buffers, need.taskBytes());
    }

    @Test
    void tooLittleMemoryIsRefusedWithBothNumbers() {
        Network wide = Network.dense(
                List.of(784, 300, 10), List.of(Activation.SIGMOID, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        MemoryNeed need = need(wide, parts);
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
    void trialsOfASweepNeedRoomBesideEachOther() {
        // 70 million parameters are 269 MiB, three times with momentum, and 62 MiB of buffers
        Network large = Network.dense(
                List.of(784, 8000, 8000, 10),
                List.of(Activation.SIGMOID, Activation.SIGMOID, Activation.SOFTMAX),
                true,
                Loss.CROSS_ENTROPY);
        Settings settings = SettingsResolver.resolve(
                Command.TRAIN,
                Map.of(TrainingSettings.OPTIMIZER, "momentum", TrainingSettings.PATIENCE, "none"),
                Optional.empty(),
                Map.of(),
                Path.of(""));
        MemoryNeed trial = MemoryNeed.ofTrial(settings, large, parts, steps);
        MemoryNeed small = MemoryNeed.ofTrial(settings, NETWORK, parts, steps);
        ClusterMemory oneFits = new ClusterMemory(true, 1200 * MEBIBYTE, 0, 1);
        assertDoesNotThrow(() -> MemoryNeed.requireTrials(List.of(trial, trial, trial), oneFits, 1));
        assertDoesNotThrow(() -> MemoryNeed.requireTrials(List.of(trial, small), oneFits, 2));
        UserError error =
                assertThrows(UserError.class, () -> MemoryNeed.requireTrials(List.of(trial, trial, trial), oneFits, 2));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().contains("The driver has 1,200 MiB of memory, expected at least "));
        assertTrue(error.getMessage().contains("2 trials that run at once"), error.getMessage());
        assertTrue(error.getMessage().contains("fewer cores"), error.getMessage());

        ClusterMemory executors = new ClusterMemory(false, 0, 1200 * MEBIBYTE, 2);
        // any two of the first four may meet in an executor: perhaps the two small ones
        assertDoesNotThrow(() -> MemoryNeed.requireTrials(List.of(trial, small, trial, small), executors, 4));
        assertTrue(assertThrows(
                        UserError.class,
                        () -> MemoryNeed.requireTrials(List.of(trial, trial, trial, trial), executors, 4))
                .getMessage()
                .startsWith("The executor has 1,200 MiB"));
        ClusterMemory tooSmall = new ClusterMemory(false, 0, 700 * MEBIBYTE, 2);
        assertTrue(assertThrows(
                        UserError.class,
                        () -> MemoryNeed.requireTrials(List.of(small, small, small, trial), tooSmall, 2))
                .getMessage()
                .contains("of a trial."));
    }

    @Test
    void rowsStayInMemoryWhereExecutorsHaveRoomForAllOfTheirBytes() {
        // 60,000 rows of 788 bytes are 46 MiB; of 400 MiB Spark leaves 30 for blocks at least
        ClusterMemory executors = new ClusterMemory(false, 0, 400 * MEBIBYTE, 1);
        assertFalse(need.rowsStayInMemory(executors, 1));
        assertTrue(need.rowsStayInMemory(executors, 2));
    }
}
