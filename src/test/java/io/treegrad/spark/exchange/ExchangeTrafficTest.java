package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.LocalStorage;
import io.treegrad.network.GradientSum;
import io.treegrad.spark.LogLines;
import io.treegrad.spark.Trial;
import io.treegrad.training.GradientSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wires between driver and executors, and what happens when they fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ExchangeTrafficTest {
    /** Eight shards of one, two or four executors are one node of the tree each. */
    private static final Trial ALIGNED = Trial.synthetic(403, 8, 100, 5, 2);

    private static final double PARAMETER_BYTES = (double) Trial.NETWORK.parameterCount() * Float.BYTES;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final List<Wire> wires = new ArrayList<>();
    private Trial.Result expected;

    @BeforeAll
    void askTheOracle() throws IOException {
        expected = ALIGNED.oracle(new LocalStorage());
    }

    @AfterEach
    void closeWires() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
        wires.clear();
    }

    private String overWire(String address) {
        try {
            Wire wire = new Wire(address);
            wires.add(wire);
            return wire.address();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LoopbackGroup open(String exchange, int executors) throws IOException {
        return open(ALIGNED, exchange, executors);
    }

    private LoopbackGroup open(Trial trial, String exchange, int executors) throws IOException {
        SparkConf conf = new SparkConf(false).set("spark.app.id", "app").set(ExchangeChoice.KEY, exchange);
        return new LoopbackGroup(trial, conf, executors, 1, this::overWire);
    }

    private long bytesOfDriver() {
        return wires.stream().mapToLong(Wire::bytesOfDriver).sum();
    }

    @ParameterizedTest
    @CsvSource({
        "star, 1, 2.0, 2.1", "star, 2, 4.0, 4.2", "star, 4, 8.0, 8.4",
        "sliced, 1, 2.0, 2.1", "sliced, 2, 2.0, 2.1", "sliced, 4, 2.0, 2.1"
    })
    void driverSeesSoManySizesOfTheParametersAStep(String exchange, int executors, double least, double most)
            throws IOException {
        try (LoopbackGroup group = open(exchange, executors)) {
            float[] theta = ALIGNED.start();
            group.sumAt(theta, 0);
            long before = bytesOfDriver();
            int steps = 5;
            for (long step = 1; step <= steps; step++) {
                group.sumAt(theta, step);
            }
            double sizes = (bytesOfDriver() - before) / PARAMETER_BYTES / steps;
            assertTrue(sizes > least && sizes < most, () -> "times the parameters: " + sizes);
        }
    }

    /** As the resident engine: a step that failed is asked again of new tasks over new connections. */
    private final class Restarting implements AutoCloseable {
        private final String exchange;
        private final int executors;
        private LoopbackGroup group;
        private int failures;

        Restarting(String exchange, int executors) throws IOException {
            this.exchange = exchange;
            this.executors = executors;
            this.group = open(exchange, executors);
        }

        GradientSum sumAt(float[] theta, long step) {
            while (true) {
                try {
                    return group.sumAt(theta, step);
                } catch (IllegalStateException failure) {
                    failures++;
                    restart();
                }
            }
        }

        private void restart() {
            try {
                group.close();
                closeWires();
                group = open(exchange, executors);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            group.close();
        }
    }

    /** The driver's connection is number 0, those that other executors have opened come after it. */
    @ParameterizedTest
    @CsvSource({
        "star, CLOSES, 0", "star, STALLS, 0", "star, GARBLES, 0",
        "sliced, CLOSES, 0", "sliced, STALLS, 0", "sliced, GARBLES, 0",
        "sliced, CLOSES, 1", "sliced, STALLS, 1", "sliced, GARBLES, 1"
    })
    void connectionThatFailsInTheMiddleOfASliceChangesNoBit(String exchange, Wire.Fault fault, int connection)
            throws IOException {
        long inTheMiddle = (long) PARAMETER_BYTES / 6;
        try (Restarting executors = new Restarting(exchange, 3)) {
            GradientSource source = (theta, step) -> {
                if (step == 3 && executors.failures == 0) {
                    executors.group.setPatience(PATIENCE);
                    wires.get(1).fail(fault, connection, inTheMiddle);
                }
                return executors.sumAt(theta, step);
            };
            assertEquals(expected, ALIGNED.result(source, (theta, part) -> executors.group.evaluate(theta, part)));
            assertEquals(1, executors.failures);
        }
    }

    @Test
    void executorsThatCannotReachEachOtherAreNamed() throws IOException {
        try (LoopbackGroup group = open("sliced", 2)) {
            Wire second = wires.get(1);
            second.setMostConnections(1);
            UserError error = assertThrows(UserError.class, () -> group.sumAt(ALIGNED.start(), 0));
            assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
            String expectedLine =
                    "executors cannot connect to each other (executor 0: no connection to " + second.address();
            assertTrue(error.getMessage().startsWith(expectedLine), error.getMessage());
        }
    }

    /** Of nine executors slices would be quicker. */
    @Test
    void whereExecutorsCannotReachEachOtherAllGoesThroughTheDriver() throws IOException {
        Trial nine = Trial.synthetic(203, 9, 100, 5, 1);
        try (LogLines log = LogLines.of(RemoteWorkerGroup.class);
                LoopbackGroup group = open(nine, "auto", 9)) {
            Wire second = wires.get(1);
            second.setMostConnections(1);
            assertEquals(nine.oracle(new LocalStorage()), nine.on(group));
            assertEquals(1, log.lines().size(), () -> log.lines().toString());
            String expectedLine =
                    "all parameters and gradients go between the driver and each executor, since executors"
                            + " cannot connect to each other: executor 0: no connection to " + second.address();
            assertTrue(log.lines().get(0).startsWith(expectedLine), log.lines().get(0));
        }
    }
}
