package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.spark.exchange.ExchangeChoice;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which engine runs, by what the cluster offers. */
class EngineDecisionTest {
    private static final long TOO_LARGE_FOR_THE_RPC = 20_000_000;

    private final SparkConf conf = new SparkConf(false);

    private String decide(boolean isLocal, int partitions, long parameters) {
        return EngineDecision.of(conf, isLocal, EngineChoice.AUTO, partitions, 4, parameters)
                .toString();
    }

    @ParameterizedTest
    @CsvSource({"auto, false", "network, false", "rpc, true"})
    void onlyTheRpcLimitsHowManyParametersResidentTasksExchange(String exchange, boolean isLocal) {
        conf.set(ExchangeChoice.KEY, exchange);
        String expected = "resident, because all 4 tasks can run at once and stay";
        assertEquals(expected, decide(isLocal, 4, TOO_LARGE_FOR_THE_RPC));
    }

    @Test
    void parametersThatDoNotFitAMessageOfTheRpcMeanTheTreeEngine() {
        conf.set(ExchangeChoice.KEY, "rpc");
        assertEquals(
                "tree, because 20000000 parameters do not fit into a message of spark.rpc.message.maxSize 128 MiB",
                decide(false, 4, TOO_LARGE_FOR_THE_RPC));
        assertEquals("resident, because all 4 tasks can run at once and stay", decide(false, 4, 16_000_000));
        conf.set("spark.rpc.message.maxSize", "256");
        assertEquals("resident, because all 4 tasks can run at once and stay", decide(false, 4, TOO_LARGE_FOR_THE_RPC));
    }

    @Test
    void tasksThatCannotAllRunAndStayMeanTheTreeEngine() {
        assertEquals("tree, because 5 partitions need as many cores at once and there are 4", decide(false, 5, 1));
        conf.set("spark.dynamicAllocation.enabled", "true");
        assertEquals(
                "tree, because spark.dynamicAllocation.enabled is true, so executors may leave between steps",
                decide(false, 4, 1));
    }
}
