package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import io.treegrad.spark.exchange.CostModel.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostModelTest {
    private static final long SMALL = 79_510;
    private static final long LARGE = 10_000_000;
    /** A row 10 us, a hop 1 ms, a byte 1 ns, an addition 1 ns. */
    private static final CostModel MODEL = new CostModel(1e-5, 1e-3, 1e-9, 1e-9);

    @Test
    void stepOfOneTaskIsItsRowsAndTwoHopsAndTheParametersThereAndBack() {
        double seconds = 100 * 1e-5 + 2 * 1e-3 + 2 * 1e-5 + 2 * 4 * SMALL * 1e-9 + SMALL * 1e-9;
        assertEquals(seconds, MODEL.stepSeconds(100, SMALL, new Layout(1, 1)), 1e-12);
    }

    @Test
    void tasksOfTheDriversProcessSendNothing() {
        assertEquals(100 * 1e-5 / 4 + SMALL * 1e-9, MODEL.stepSeconds(100, SMALL, new Layout(0, 4)), 1e-12);
    }

    /** Three executors of two tasks: each pair joins in memory, the driver sends, takes, joins and updates one after the other. */
    @Test
    void starStepTakesTwoHopsAndAllParametersOfEachExecutorAtTheDriver() {
        long few = 10_000;
        double withinExecutors = few * 1e-9 / 2;
        double messages = 2 * 3 * 1e-5;
        double expected =
                100 * 1e-5 / 6 + withinExecutors + 2 * 1e-3 + messages + 2 * 3 * 4 * few * 1e-9 + 3 * few * 1e-9;
        assertEquals(expected, MODEL.stepSeconds(100, few, new Layout(3, 6)), 1e-12);
    }

    /** Four executors of two tasks: each sends and takes a slice to and from the driver, and from and to three others. */
    @Test
    void slicedStepTakesFourHopsAndTheParametersOnceAtTheDriver() {
        double withinExecutors = LARGE * 1e-9 / 2;
        double messages = (2 * 4 + 4 * 3) * 1e-5;
        double travels = (2 + 2 * 0.75) * 4 * LARGE * 1e-9;
        double additions = (0.75 + 1) * LARGE * 1e-9;
        double expected = 100 * 1e-5 / 8 + withinExecutors + 4 * 1e-3 + messages + travels + additions;
        assertEquals(expected, MODEL.stepSeconds(100, LARGE, new Layout(4, 8)), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, 1", "1000, 1, 1", "100, 8, 1", "100000, 8, 8"})
    void executorsThatDoNotPayAreLeftOut(long rows, int available, int taken) {
        Layout best = MODEL.best(rows, SMALL, new Layout(available, available), 1024, executors -> true);
        assertEquals(new Layout(taken, taken), best);
    }

    @Test
    void nothingThatIsLeftOutWouldHaveBroughtMuch() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int trial = 0; trial < 200; trial++) {
            long rows = 1L + random.nextInt(10_000);
            long parameters = 1L + random.nextInt(1 << 22);
            int executors = 1 + random.nextInt(16);
            int tasksOfEach = 1 + random.nextInt(4);
            int shards = 1 + random.nextInt(64);
            Layout best =
                    MODEL.best(rows, parameters, new Layout(executors, executors * tasksOfEach), shards, any -> true);
            double seconds = MODEL.stepSeconds(rows, parameters, best);
            for (int other = 1; other <= executors && (other - 1) * tasksOfEach < shards; other++) {
                Layout layout = new Layout(other, Math.min(shards, other * tasksOfEach));
                assertTrue(
                        seconds <= 1.04 * MODEL.stepSeconds(rows, parameters, layout),
                        () -> best + " against " + layout + ", seed " + seed);
            }
        }
    }

    @Test
    void rowsThatDoNotFitIntoTheMemoryOfFewExecutorsTakeMore() {
        assertEquals(new Layout(3, 3), MODEL.best(1, SMALL, new Layout(4, 4), 64, executors -> executors >= 3));
        assertEquals(new Layout(4, 4), MODEL.best(1, SMALL, new Layout(4, 4), 64, executors -> false));
    }

    @Test
    void noMoreTasksRunThanThereAreShards() {
        assertEquals(new Layout(1, 2), MODEL.best(100_000, SMALL, new Layout(4, 16), 2, executors -> true));
        assertEquals(new Layout(0, 2), MODEL.best(100_000, SMALL, new Layout(0, 16), 2, executors -> true));
    }

    @Test
    void manyParametersBetweenManyExecutorsTravelInSlices() {
        assertFalse(MODEL.isSliced(1, LARGE));
        assertFalse(MODEL.isSliced(4, 10_000));
        assertTrue(MODEL.isSliced(4, LARGE));
    }

    @Test
    void bytesOfAStepAreThoseOfTheMessages() {
        assertEquals(2 * 4 * SMALL * 4, CostModel.driverBytes(4, SMALL, false));
        assertEquals(2 * SMALL * 4, CostModel.driverBytes(4, SMALL, true));
        assertEquals(2 * SMALL * 4, CostModel.executorBytes(4, SMALL, false));
        // a quarter to and from the driver; to and from each of three others a quarter of the parameters and one of the
        // gradient
        assertEquals((2 + 3 * 4) * SMALL, CostModel.executorBytes(4, SMALL, true));
    }
}
