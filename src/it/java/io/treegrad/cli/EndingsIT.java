package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a run ends, exit code, last line of standard output and {@code run.json} agree, and its curves are whole. */
class EndingsIT {
    private static final SmallTraining.Cluster CLUSTER = SmallTraining.Cluster.RESIDENT;

    @TempDir
    private static Path directory;

    private static SmallTraining training;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        training = new SmallTraining(directory, 24);
    }

    /** The ways to end, and what brings each about. SIGTERM is {@link StoppedRunsIT}'s. */
    enum Ending {
        SUCCEEDED(0) {
            @Override
            Invocation of(Path output) {
                return training.here(output, CLUSTER, List.of());
            }
        },
        A_BUG(1) {
            @Override
            Invocation of(Path output) throws Exception {
                Map<String, String> properties = Map.of("treegrad.failpoint", "before-step:60:throw");
                try (Program program = training.start(output, CLUSTER, properties, List.of())) {
                    return program.ended();
                }
            }
        },
        BAD_DATA(65) {
            @Override
            Invocation of(Path output) throws IOException {
                List<String> lines = new ArrayList<>(Files.readAllLines(training.data()));
                lines.set(lines.size() / 2, "not,a,row");
                Path broken = Files.write(directory.resolve("broken.csv"), lines);
                return training.here(output, CLUSTER, List.of("--data", broken.toString()));
            }
        },
        INPUT_MISSING(66) {
            @Override
            Invocation of(Path output) {
                String nowhere = directory.resolve("nowhere.csv").toString();
                return training.here(output, CLUSTER, List.of("--data", nowhere));
            }
        },
        CANNOT_WRITE(73) {
            @Override
            Invocation of(Path output) throws Exception {
                List<String> large = List.of("--hidden", "3000", "--checkpoint-every", "1e");
                try (Program program = Program.startLimited(directory, 96, training.words(output, CLUSTER, large))) {
                    return program.ended();
                }
            }
        },
        TRY_AGAIN(75) {
            @Override
            Invocation of(Path output) throws Exception {
                Map<String, String> unreachable = Map.of("spark.master", "spark://127.0.0.1:1");
                try (Program program = training.start(output, CLUSTER, unreachable, List.of())) {
                    return program.ended();
                }
            }
        },
        TOO_LARGE_A_NETWORK(78) {
            @Override
            Invocation of(Path output) throws Exception {
                List<String> large = List.of("--hidden", "9000,9000");
                try (Program program = training.start(output, CLUSTER, Map.of(), large)) {
                    return program.ended().failed(78, "The driver has", "MiB of memory, expected at least");
                }
            }
        },
        OUT_OF_MEMORY(78) {
            @Override
            Invocation of(Path output) throws Exception {
                Map<String, String> properties = Map.of("treegrad.failpoint", "gradient:60:exhaust:1000");
                try (Program program = training.start(output, SmallTraining.Cluster.TREE, properties, List.of())) {
                    return program.ended().failed(78, "A process ran out of memory", "spark.driver.memory");
                }
            }
        },
        OTHER_CONFIGURATION(78) {
            @Override
            Invocation of(Path output) {
                training.here(output, CLUSTER, List.of("--min-accuracy", "1"));
                return training.here(output, CLUSTER, List.of("--seed", "6"));
            }
        },
        GATE_NOT_MET(80) {
            @Override
            Invocation of(Path output) {
                return training.here(output, CLUSTER, List.of("--min-accuracy", "1"));
            }
        },
        DIVERGED(81) {
            @Override
            Invocation of(Path output) {
                List<String> wild =
                        List.of("--loss", "mse", "--output-activation", "identity", "--learning-rate", "50");
                return training.here(output, CLUSTER, wild);
            }
        },
        NO_CHECKPOINT(82) {
            @Override
            Invocation of(Path output) throws IOException {
                training.here(output, CLUSTER, List.of("--min-accuracy", "1"));
                for (Path checkpoint :
                        SmallTraining.finished(SmallTraining.run(output).resolve("checkpoints"))) {
                    Files.write(checkpoint.resolve("meta.json"), new byte[] {1});
                }
                return training.here(output, CLUSTER, List.of());
            }
        };

        private final int code;

        Ending(int code) {
            this.code = code;
        }

        abstract Invocation of(Path output) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void exitCodeLastLineAndRunJsonAgree(Ending ending) throws Exception {
        Path output = directory.resolve(ending.name());
        Invocation run = ending.of(output);
        assertEquals(ending.code, run.code(), run.err());
        JsonNode runJson =
                Invocation.parsed(Files.readString(SmallTraining.run(output).resolve("run.json")));
        assertEquals(run.json(), runJson);
        assertEquals(ending.code, runJson.get("exitCode").asInt());
        assertEquals(
                ending.code == 0 ? "succeeded" : "failed", runJson.get("status").asText());
        assertEquals(ending.code == 0, !runJson.has("error"));
        assertEquals(SmallTraining.RUN, runJson.get("runId").asText());
        assertEquals(ending.code == 0, runJson.has("model"));
        if (runJson.has("epochs")) {
            Path directoryOfRun = SmallTraining.run(output);
            List<String> epochs = Files.readAllLines(directoryOfRun.resolve("metrics.jsonl"));
            assertEquals(runJson.get("epochs").asInt(), epochs.size());
            JsonNode losses = Invocation.parsed(Files.readString(directoryOfRun.resolve("losses.json")));
            assertEquals(runJson.get("steps").asInt(), losses.get("meanLoss").size());
        } else {
            assertTrue(ending.code > 64, "it has trained and does not say how far");
        }
        assertFalse(Files.exists(output.resolve("LOCK")), "a lock is left");
        assertFalse(Files.exists(SmallTraining.run(output).resolve("LOCK")), "a lock is left");
    }
}
