package io.treegrad.spark;

import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import java.io.Serializable;

/** What the driver asks of all workers at once: a function of the parameters, summed over shards. */
abstract sealed class Request<T extends Sum<T>> implements Serializable {
    private static final long serialVersionUID = 1;

    private final float[] theta;

    Request(float[] theta) {
        this.theta = theta;
    }

    /** The sum over the shards of one worker. */
    abstract TreeSum<T> answer(ShardWorker worker);

    /** Work for later that a worker may do while others are still answering. */
    void prepareNext(ShardWorker worker) {}

    float[] theta() {
        return theta;
    }

    static final class Gradient extends Request<GradientSum> {
        private static final long serialVersionUID = 1;

        private final long step;

        Gradient(float[] theta, long step) {
            super(theta);
            this.step = step;
        }

        @Override
        TreeSum<GradientSum> answer(ShardWorker worker) {
            return worker.gradient(theta(), step);
        }

        @Override
        void prepareNext(ShardWorker worker) {
            worker.prepare(step + 1);
        }

        @Override
        public String toString() {
            return "step " + step;
        }
    }

    static final class Evaluation extends Request<EvaluationSum> {
        private static final long serialVersionUID = 1;

        private final Part part;
        private final int shards;

        Evaluation(float[] theta, Part part, int shards) {
            super(theta);
            this.part = part;
            this.shards = shards;
        }

        @Override
        TreeSum<EvaluationSum> answer(ShardWorker worker) {
            return worker.evaluate(theta(), part, shards);
        }

        @Override
        public String toString() {
            return "evaluation on the " + part.label() + " part";
        }
    }
}
