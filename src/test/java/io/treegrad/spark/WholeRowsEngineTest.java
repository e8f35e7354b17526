package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.TaskKilledException;
import org.junit.jupiter.api.Test;

class WholeRowsEngineTest {
    private static final Trial TRIAL = Trial.synthetic(130, 5, 40, 3, 2);

    @Test
    void allShardsOnOneThreadGiveTheBitsOfTheOracle() throws IOException {
        try (StepEngine engine = new WholeRowsEngine(TRIAL.parts(), Trial.spec(TRIAL.steps()), new LocalStorage())) {
            assertEquals(TRIAL.oracle(new LocalStorage()), TRIAL.on(engine));
            assertEquals("single task", engine.name());
        }
    }

    /** Counts how often it is read; equal to every other one of its kind. */
    private static final class Counting implements RowSource {
        private static final long serialVersionUID = 1;
        private static final AtomicInteger READINGS = new AtomicInteger();

        @Override
        public Rows read(RowSet wanted, Storage storage) throws IOException {
            READINGS.incrementAndGet();
            return TRIAL.train().read(wanted, storage);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Counting;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public long rows() {
            return TRIAL.train().rows();
        }

        @Override
        public Shape shape() {
            return TRIAL.train().shape();
        }

        @Override
        public int classes() {
            return TRIAL.train().classes();
        }

        @Override
        public int[] labels(Storage storage) throws IOException {
            return TRIAL.train().labels(storage);
        }

        @Override
        public List<String> paths() {
            return List.of();
        }

        @Override
        public String describe() {
            return "rows that are counted";
        }
    }

    @Test
    void trainingsOfTheSameRowsReadThemOnce() throws IOException {
        Trial trial = new Trial(new Counting(), TRIAL.test(), TRIAL.steps(), TRIAL.rule(), 0, 1);
        for (int training = 0; training < 3; training++) {
            Trial same = new Trial(new Counting(), TRIAL.test(), TRIAL.steps(), TRIAL.rule(), 0, 1);
            new WholeRowsEngine(same.parts(), Trial.spec(trial.steps()), new LocalStorage()).close();
        }
        assertEquals(1, Counting.READINGS.get());
    }

    @Test
    void aTaskThatIsKilledGivesUpAtItsNextStep() throws IOException {
        TaskContextImpl task = TaskContext$.MODULE$.empty();
        TaskContext$.MODULE$.setTaskContext(task);
        try (StepEngine engine = new WholeRowsEngine(TRIAL.parts(), Trial.spec(TRIAL.steps()), new LocalStorage())) {
            engine.sumAt(TRIAL.start(), 0);
            task.markInterrupted("the sweep was stopped");
            TaskKilledException killed = assertThrows(TaskKilledException.class, () -> engine.sumAt(TRIAL.start(), 1));
            assertEquals("the sweep was stopped", killed.reason());
        } finally {
            TaskContext$.MODULE$.unset();
        }
    }
}
