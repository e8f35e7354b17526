package io.treegrad.spark.exchange;

import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Slices;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import io.treegrad.worker.ShardWorker;
import java.io.Serializable;
import java.util.List;

/** What the driver asks of all workers at once: a function of the parameters, summed over shards. */
public abstract sealed class Request<T extends Sum<T>> implements Serializable {
    private static final long serialVersionUID = 1;

    private final float[] theta;

    Request(float[] theta) {
        this.theta = theta;
    }

    /** The sum over the shards of one worker. */
    abstract TreeSum<T> answer(ShardWorker worker);

    /** Adds up the answers of several workers, none of which may be used afterwards. */
    TreeSum<T> join(List<TreeSum<T>> answers, Slices threads) {
        TreeSum<T> sum = answers.get(0);
        answers.subList(1, answers.size()).forEach(sum::merge);
        return sum;
    }

    /** Work for later that a worker may do while others are still answering. */
    void prepareNext(ShardWorker worker) {}

    float[] theta() {
        return theta;
    }

    private enum Kind {
        GRADIENT,
        EVALUATION
    }

    /** What precedes a slice of the parameters over the network: all but these. */
    abstract StreamHeader.Parameters header(long number, int slice, int slices);

    /**
     * The request of a header.
     *
     * @param theta its parameters, which followed the header
     * @throws IllegalArgumentException if it is none
     */
    static Request<?> of(StreamHeader.Parameters header, float[] theta) {
        long what = header.what();
        if (header.kind() == Kind.GRADIENT.ordinal() && what >= 0) {
            return new Gradient(theta, what);
        }
        if (header.kind() == Kind.EVALUATION.ordinal()
                && what >= 0
                && what < Part.values().length
                && header.shards() > 0) {
            return new Evaluation(theta, Part.values()[(int) what], header.shards());
        }
        throw new IllegalArgumentException("no request has the header " + header);
    }

    public static final class Gradient extends Request<GradientSum> {
        private static final long serialVersionUID = 1;

        private final long step;

        public Gradient(float[] theta, long step) {
            super(theta);
            this.step = step;
        }

        @Override
        TreeSum<GradientSum> answer(ShardWorker worker) {
            return worker.gradient(theta(), step);
        }

        /** Whoever uses the sum adds its gradients with the threads that computed them, a slice each. */
        @Override
        TreeSum<GradientSum> join(List<TreeSum<GradientSum>> answers, Slices threads) {
            TreeSum<GradientSum> sum = answers.get(0);
            answers.subList(1, answers.size()).forEach(answer -> sum.merge(answer, GradientSum::addLater));
            sum.forEach((first, level, node) -> node.setSlices(threads));
            return sum;
        }

        @Override
        StreamHeader.Parameters header(long number, int slice, int slices) {
            return new StreamHeader.Parameters(number, slice, slices, Kind.GRADIENT.ordinal(), 0, step);
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

    public static final class Evaluation extends Request<EvaluationSum> {
        private static final long serialVersionUID = 1;

        private final Part part;
        private final int shards;

        public Evaluation(float[] theta, Part part, int shards) {
            super(theta);
            this.part = part;
            this.shards = shards;
        }

        @Override
        TreeSum<EvaluationSum> answer(ShardWorker worker) {
            return worker.evaluate(theta(), part, shards);
        }

        @Override
        StreamHeader.Parameters header(long number, int slice, int slices) {
            return new StreamHeader.Parameters(
                    number, slice, slices, Kind.EVALUATION.ordinal(), shards, part.ordinal());
        }

        @Override
        public String toString() {
            return "evaluation on the " + part.label() + " part";
        }
    }
}
