package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.testing.LocalEvaluation;
import io.treegrad.testing.LocalGradientSource;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.Metric;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.StoppingRule;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import io.treegrad.training.UpdateRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults 10, 11, 13 and 30 on the bytes of one checkpoint; a small network on eight points. */
class CheckpointTest {
    private static final Network NETWORK =
            Network.dense(List.of(2, 3, 2), List.of(Activation.TANH, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
    private static final FloatRows ROWS = new FloatRows(
            2, new float[] {0, 0, 0, 1, 1, 0, 1, 1, 2, 0, 0, 2, 2, 1, 1, 2}, new int[] {0, 1, 1, 0, 0, 0, 1, 1});
    private static final StepPlan STEPS = new StepPlan(8, 2, 3, 1);
    private static final long EPOCHS = 7;
    private static final TrainingLength LENGTH = new TrainingLength(STEPS.stepsPerEpoch(), EPOCHS, 1);
    private static final Fingerprint FINGERPRINT = new Fingerprint(
            Map.of("hidden", "3", "seed", "1"), "csv", Map.of(Part.TRAIN, 8L), Map.of("points.csv", "0".repeat(64)));
    private static final Map<String, String> PLATFORM = Map.of("treegrad", "0.1.0");

    static Stream<UpdateRule> rules() {
        return Stream.of(new UpdateRule.Sgd(), new UpdateRule.Nesterov(0.9), new UpdateRule.Adam(0.9, 0.999, 1e-8));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRunContinuedFromAnyStepCannotBeToldFromOneThatWasNeverInterrupted(UpdateRule rule) throws IOException {
        TrainingState whole = training(rule, new TrainingObserver() {}).run(first(rule));
        assertTrue(whole.step() > 2 * STEPS.stepsPerEpoch(), "stopped too early to show anything");
        byte[] end = state(holding(whole));
        for (long step = 0; step <= whole.step(); step++) {
            TrainingState interrupted = first(rule);
            stopAt(step, rule, interrupted);
            assertEquals(step, interrupted.step());
            TrainingState resumed = Checkpoint.read(holding(interrupted), "c").state();
            training(rule, new TrainingObserver() {}).run(resumed);
            assertEquals(whole.epochs(), resumed.epochs(), "history after a stop at step " + step);
            assertEquals(whole.chosenEpoch(), resumed.chosenEpoch());
            assertArrayEquals(whole.chosenParameters(), resumed.chosenParameters());
            assertArrayEquals(end, state(holding(resumed)), "everything else after a stop at step " + step);
            assertArrayEquals(meta(holding(whole)), meta(holding(resumed)));
        }
    }

    /** Thrown to end a training where a test wants it. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static void stopAt(long step, UpdateRule rule, TrainingState state) {
        if (step == 0) {
            return;
        }
        TrainingObserver stopper = new TrainingObserver() {
            @Override
            public void afterStep(TrainingState now) {
                if (now.step() == step) {
                    throw new Stop();
                }
            }
        };
        assertThrows(Stop.class, () -> training(rule, stopper).run(state));
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        MemoryStorage whole = holding(trained());
        for (String name : List.of("state.safetensors", "meta.json", Manifest.FILE)) {
            byte[] bytes = whole.get("c/" + name);
            for (int length = 0; length < bytes.length; length += 1 + bytes.length / 97) {
                MemoryStorage storage = holding(trained());
                storage.put("c/" + name, Arrays.copyOf(bytes, length));
                assertDamaged(storage, name + " cut to " + length);
            }
            MemoryStorage storage = holding(trained());
            storage.put("c/" + name, Arrays.copyOf(bytes, bytes.length + 1));
            assertDamaged(storage, name + " with a byte more");
        }
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MemoryStorage whole = holding(trained());
        for (String name : List.of("state.safetensors", "meta.json", Manifest.FILE)) {
            for (int i = 0; i < 100; i++) {
                byte[] bytes = whole.get("c/" + name);
                int at = random.nextInt(bytes.length);
                int bit = random.nextInt(8);
                bytes[at] ^= (byte) (1 << bit);
                MemoryStorage storage = holding(trained());
                storage.put("c/" + name, bytes);
                assertDamaged(storage, name + " with bit " + bit + " of byte " + at + " flipped, seed " + seed);
            }
        }
    }

    private static void assertDamaged(MemoryStorage storage, String what) {
        UserError error = assertThrows(UserError.class, () -> Checkpoint.read(storage, "c"), what);
        assertEquals(UserError.Kind.BAD_DATA, error.kind(), what + ": " + error.getMessage());
    }

    @Test
    void unfinishedCheckpointsAreToldFromDamagedOnes() throws IOException {
        MemoryStorage storage = holding(trained());
        storage.remove("c/" + Manifest.FILE);
        UserError error = assertThrows(UserError.class, () -> Checkpoint.read(storage, "c"));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
    }

    @Test
    void newerSchemaIsRefusedWithBothNumbers() throws IOException {
        MemoryStorage storage = holding(trained());
        String meta = new String(storage.get("c/meta.json"), StandardCharsets.UTF_8);
        storage.forge(
                "c", "meta.json", meta.replace("\"schema\": 4", "\"schema\": 5").getBytes(StandardCharsets.UTF_8));
        UserError error = assertThrows(UserError.class, () -> Checkpoint.read(storage, "c"));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().startsWith("c/meta.json: schema is 5, expected 4. Use"), error.getMessage());
    }

    /** With a manifest that fits, so that only its content tells that it is no state of this network. */
    @Test
    void aStateThatDoesNotAgreeWithItsDescriptionIsRefused() throws IOException {
        assertForged("tensor losses is missing", tensors -> tensors.remove("losses"));
        assertForged("tensor parameters is missing", tensors -> tensors.remove("parameters"));
        assertForged("tensor optimizer.0 has shape [16]", tensors -> {
            tensors.put("optimizer.0", Tensor.vector(new float[16]));
        });
        assertForged("tensor best.parameters has shape [18]", tensors -> {
            tensors.put("best.parameters", Tensor.vector(new float[18]));
        });
        assertForged("it also holds [more]", tensors -> tensors.put("more", Tensor.vector(new float[1])));
    }

    private static void assertForged(String reason, Consumer<Map<String, Tensor>> change) throws IOException {
        MemoryStorage storage = holding(trained());
        byte[] whole = state(storage);
        SafeTensors state = SafeTensors.read(new ByteArrayInputStream(whole), whole.length, "state");
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        change.accept(tensors);
        ByteArrayOutputStream forged = new ByteArrayOutputStream();
        new SafeTensors(state.metadata(), tensors).writeTo(forged);
        storage.forge("c", "state.safetensors", forged.toByteArray());
        UserError error = assertThrows(UserError.class, () -> Checkpoint.read(storage, "c"));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith("c/state.safetensors: " + reason), error.getMessage());
    }

    @Test
    void differencesNameBothValuesAndWhatTheyConcern() {
        Fingerprint now = new Fingerprint(
                Map.of("hidden", "4", "seed", "1", "l2", "0.1"),
                "npz",
                Map.of(Part.TRAIN, 9L, Part.TEST, 3L),
                Map.of("points.csv", "1".repeat(64)));
        assertEquals(
                List.of(
                        "hidden was 3 and now is 4 RECIPE",
                        "l2 was absent and now is 0.1 RECIPE",
                        "the kind of data was csv and now is npz DATA",
                        "the number of train rows was 8 and now is 9 RECIPE",
                        "the number of test rows was absent and now is 3 DATA",
                        "the SHA-256 of points.csv was " + "0".repeat(64) + " and now is " + "1".repeat(64) + " DATA"),
                FINGERPRINT.differencesTo(now).stream()
                        .map(difference -> difference + " " + difference.of())
                        .toList());
    }

    @Test
    void renamedFilesAreTheSameData() {
        Fingerprint now = new Fingerprint(
                FINGERPRINT.recipe(), "csv", FINGERPRINT.rows(), Map.of("other-name.csv", "0".repeat(64)));
        assertEquals(List.of(), FINGERPRINT.differencesTo(now));
    }

    @Test
    void validationLossIsThatOfTheEpochThatJustEnded() throws IOException {
        TrainingState state = first(new UpdateRule.Sgd());
        long epoch = STEPS.stepsPerEpoch();
        stopAt(epoch, new UpdateRule.Sgd(), state);
        assertEquals(
                state.epochs().get(0).validation().get(Metric.LOSS), Checkpoint.validationLoss(holding(state), "c"));
        TrainingState between = first(new UpdateRule.Sgd());
        stopAt(epoch + 1, new UpdateRule.Sgd(), between);
        assertEquals(Double.POSITIVE_INFINITY, Checkpoint.validationLoss(holding(between), "c"));
    }

    private static TrainingState trained() {
        TrainingState state = first(new UpdateRule.Nesterov(0.9));
        stopAt(STEPS.stepsPerEpoch() + 1, new UpdateRule.Nesterov(0.9), state);
        return state;
    }

    private static TrainingState first(UpdateRule rule) {
        return TrainingState.fresh(new Initialization.Uniform(1).parameters(NETWORK, 3), optimizer(rule));
    }

    private static Optimizer optimizer(UpdateRule rule) {
        return new Optimizer(
                new Objective(NETWORK, Objective.Reduction.MEAN, 0.01),
                0.5,
                new LearningRateSchedule.Constant(),
                LENGTH,
                rule);
    }

    private static Training training(UpdateRule rule, TrainingObserver observer) {
        return new Training(
                new LocalGradientSource(NETWORK, STEPS, ROWS, Scaling.none()),
                optimizer(rule),
                LENGTH,
                new LocalEvaluation(NETWORK, new ShardPlan(8, 2), ROWS, Scaling.none()),
                new StoppingRule(
                        Optional.of(new StoppingRule.Patience(2, StoppingRule.Progress.LOWEST)), Optional.empty()),
                observer);
    }

    private static MemoryStorage holding(TrainingState state) throws IOException {
        return MemoryStorage.holding("c", new Checkpoint(FINGERPRINT, PLATFORM, state).contents());
    }

    private static byte[] state(MemoryStorage storage) {
        return storage.get("c/state.safetensors");
    }

    private static byte[] meta(MemoryStorage storage) {
        return storage.get("c/meta.json");
    }
}
