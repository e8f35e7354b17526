package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.LocalStorage;
import io.treegrad.spark.Trial;
import io.treegrad.training.UpdateRule;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole trainings over every exchange, between up to four executors, against one thread. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ExchangeBitsTest {
    /** 403 rows in 9 shards are uneven shards, and no number of tasks from 2 to 8 divides 9 but 3. */
    private static final Trial UNEVEN = Trial.synthetic(403, 9, 100, 5, 1);

    private final Map<Trial, Trial.Result> expected = new LinkedHashMap<>();

    @BeforeAll
    void askTheOracle() throws IOException {
        for (Trial trial : new Trial[] {
            UNEVEN.with(new UpdateRule.Sgd(), 0),
            UNEVEN.with(new UpdateRule.Momentum(0.9), 0),
            UNEVEN.with(new UpdateRule.Adam(0.9, 0.999, 1e-8), 0),
            UNEVEN.with(new UpdateRule.Sgd(), 0.01)
        }) {
            expected.put(trial, trial.oracle(new LocalStorage()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "star, 1, 1", "star, 2, 1", "star, 3, 1", "star, 4, 1",
        "star, 1, 2", "star, 2, 2", "star, 3, 2", "star, 4, 2",
        "sliced, 1, 1", "sliced, 2, 1", "sliced, 3, 1", "sliced, 4, 1",
        "sliced, 1, 2", "sliced, 2, 2", "sliced, 3, 2", "sliced, 4, 2",
        "rpc, 1, 1", "rpc, 2, 1", "rpc, 3, 1", "rpc, 4, 1",
        "rpc, 1, 2", "rpc, 2, 2", "rpc, 3, 2", "rpc, 4, 2"
    })
    void everyExchangeBetweenAnyNumberOfExecutorsGivesTheBitsOfOneThread(
            String exchange, int executors, int tasksOfEach) throws IOException {
        SparkConf conf = new SparkConf(false).set("spark.app.id", "app").set(ExchangeChoice.KEY, exchange);
        try (LoopbackGroup group = new LoopbackGroup(UNEVEN, conf, executors, tasksOfEach, UnaryOperator.identity())) {
            expected.forEach(
                    (trial, result) -> assertEquals(result, trial.on(group), () -> trial.rule() + " " + trial.l2()));
        }
    }
}
