package io.treegrad.run;

import io.treegrad.data.Part;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.EvaluationSum;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.ModelComparison;
import io.treegrad.spark.TreeEngine;
import io.treegrad.training.PairedCounts;
import io.treegrad.worker.WorkSpec;

/** The test rows of a run, on which models are judged. */
interface TestRows {
    EvaluationSum evaluate(TrainedModel model);

    /** Compares two models of the same classes row by row. */
    PairedCounts compare(TrainedModel model, TrainedModel champion);

    /**
     * On executors whose slots are free.
     *
     * @param treeDepth of the sums over them
     */
    record OnExecutors(DistributedRows rows, int treeDepth) implements TestRows {
        @Override
        public EvaluationSum evaluate(TrainedModel model) {
            try (TreeEngine engine = new TreeEngine(rows, spec(model), treeDepth)) {
                return engine.evaluate(model.parameters(), Part.TEST);
            }
        }

        @Override
        public PairedCounts compare(TrainedModel model, TrainedModel champion) {
            return ModelComparison.count(rows, spec(model), model.parameters(), spec(champion), champion.parameters());
        }

        private static WorkSpec spec(TrainedModel model) {
            return new WorkSpec(model.network(), model.scaling(), null);
        }
    }
}
