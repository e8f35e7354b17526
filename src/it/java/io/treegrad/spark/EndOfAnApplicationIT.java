package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.LocalStorage;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.network.client.TransportResponseHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the driver wants of its executors when it ends. */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(180)
class EndOfAnApplicationIT {
    /** Else Spark prints a stack for each answer that does not come, after a run that went well. */
    @Test
    void executorsThatAreSlowOweTheDriverNoAnswer(StandaloneCluster processes) throws Exception {
        Trial trial = Trial.synthetic(1003, 9, 100, 5, 2);
        try (LogLines log = LogLines.of(TransportResponseHandler.class)) {
            try (Cluster cluster = Cluster.start("end", processes.conf(1))) {
                cluster.awaitSlots(120);
                try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 2, new LocalStorage());
                        StepEngine engine = new TreeEngine(rows, Trial.spec(trial.steps()), 2)) {
                    rows.load();
                    engine.sumAt(trial.start(), 0);
                    signal("STOP", processes.executors());
                }
            } finally {
                signal("CONT", processes.executors());
            }
            assertEquals(List.of(), log.lines());
        }
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        List<String> words = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> words.add(Long.toString(process.pid())));
        assertEquals(0, new ProcessBuilder(words).start().waitFor());
    }
}
