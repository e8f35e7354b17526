package io.treegrad.spark.exchange;

import io.treegrad.network.Network;
import java.util.function.IntPredicate;

/**
 * How long a step takes, from a few rates of a cluster. Tasks compute at the same time; what one process sends and receives,
 * it sends and receives one after the other.
 *
 * @param rowSeconds that a task takes for the gradient of one row
 * @param hopSeconds from one process to another, however short the message
 * @param byteSeconds that a process takes to send or receive a byte
 * @param parameterSeconds that a thread takes to add one parameter's gradient to another, or to update it
 */
public record CostModel(double rowSeconds, double hopSeconds, double byteSeconds, double parameterSeconds) {
    /** More tasks must bring at least this share. */
    private static final double LEAST_GAIN = 0.03;

    /** That a process takes for a message, beside its bytes: it counts where one process has hundreds of partners. */
    private static final double MESSAGE_SECONDS = 1e-5;

    private static final double TYPICAL_OPERATIONS_A_SECOND = 6e10;

    /** For a network on a cluster that nobody has measured: cores with AVX2 and a network of ten gigabits a second. */
    public static CostModel typical(Network network) {
        return new CostModel(network.operationsPerRow() / TYPICAL_OPERATIONS_A_SECOND, 2e-4, 8e-10, 5e-10);
    }

    /**
     * Tasks that take part in a step.
     *
     * @param executors that they run in; 0 for the driver's own process
     * @param tasks in all, as many on each executor
     */
    public record Layout(int executors, int tasks) {
        /** How many tasks run in one process. */
        public int tasksOfEach() {
            return Math.max(1, tasks / Math.max(1, executors));
        }
    }

    /**
     * A step of the resident engine.
     *
     * @param rows of its batch
     */
    public double stepSeconds(long rows, long parameters, Layout layout) {
        double compute = rows * rowSeconds / layout.tasks();
        double additions = parameters * parameterSeconds;
        if (layout.executors() == 0) {
            return compute + additions; // the threads of n tasks share n - 1 additions and the update
        }
        int tasksOfEach = layout.tasksOfEach();
        double withinExecutors = additions * (tasksOfEach - 1) / tasksOfEach;
        boolean sliced = isSliced(layout.executors(), parameters);
        return compute + withinExecutors + exchangeSeconds(layout.executors(), parameters, sliced);
    }

    /** From the driver to all executors and back, with joining and the update. */
    private double exchangeSeconds(int executors, long parameters, boolean sliced) {
        double others = executors - 1;
        double atOnce = parameters * Float.BYTES * byteSeconds;
        double additions = parameters * parameterSeconds;
        double messages = 2 * executors * MESSAGE_SECONDS;
        return sliced
                ? 4 * hopSeconds
                        + messages
                        + 4 * others * MESSAGE_SECONDS
                        + (2 + 2 * others / executors) * atOnce
                        + (1 + others / executors) * additions
                : 2 * hopSeconds + messages + 2 * executors * atOnce + (1 + others) * additions;
    }

    /** Whether parameters and gradients had better travel in slices between executors than between each and the driver. */
    public boolean isSliced(int executors, long parameters) {
        return exchangeSeconds(executors, parameters, true) < exchangeSeconds(executors, parameters, false);
    }

    /** Sent and received by the driver in a step. */
    public static long driverBytes(int executors, long parameters, boolean sliced) {
        return 2L * (sliced ? 1 : executors) * parameters * Float.BYTES;
    }

    /** Sent and received by an executor in a step whose shards make up one node of the tree. */
    public static long executorBytes(int executors, long parameters, boolean sliced) {
        long vector = parameters * Float.BYTES;
        return sliced ? (2 + 4 * (executors - 1L)) * vector / executors : 2 * vector;
    }

    /**
     * The layout in which a step takes the least time, with as few tasks as that needs.
     *
     * @param most executors with as many tasks as can run at once
     * @param shards of a step; no more tasks than that have work
     * @param fits whether rows and buffers fit into the memory of so many executors
     */
    public Layout best(long rows, long parameters, Layout most, int shards, IntPredicate fits) {
        if (most.executors() == 0) {
            return new Layout(0, Math.min(shards, most.tasks()));
        }
        int tasksOfEach = most.tasksOfEach();
        Layout best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int executors = 1; executors <= most.executors(); executors++) {
            Layout layout = new Layout(executors, Math.min(shards, executors * tasksOfEach));
            boolean worksEverywhere = (executors - 1) * tasksOfEach < shards;
            double seconds = stepSeconds(rows, parameters, layout);
            if (worksEverywhere
                    && (best == null || seconds < least * (1 - LEAST_GAIN) || !fits.test(best.executors()))) {
                best = layout;
                least = seconds;
            }
        }
        return best;
    }
}
