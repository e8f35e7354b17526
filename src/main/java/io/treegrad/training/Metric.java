package io.treegrad.training;

import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything about a metric: its names, how values are computed and written, and which of two values is better. All
 * code that shows, stores or compares metrics uses this type, so that a new metric is defined here only, and in
 * {@link EvaluationSum} if it needs a new sum.
 *
 * <p>Files and tables use this order.
 */
public enum Metric {
    /** The mean of the loss that training lowers, without any regularisation. */
    LOSS("loss", "loss", Scale.COST, null) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return OptionalDouble.of(sum.lossSum() / sum.lossWeight());
        }
    },

    /** The share of rows that were classified correctly. */
    ACCURACY("accuracy", "accuracy", Scale.SHARE, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return OptionalDouble.of(sum.correctWeight() / sum.weight());
        }
    },

    /** The mean recall of the classes that have rows: each class counts the same, however many rows it has. */
    BALANCED_ACCURACY("balancedAccuracy", "balanced accuracy", Scale.SHARE, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            double recalls = 0;
            int classes = 0;
            for (int label = 0; label < sum.classes(); label++) {
                if (sum.rowsOf(label) > 0) {
                    recalls += recall(sum, label);
                    classes++;
                }
            }
            return OptionalDouble.of(recalls / classes);
        }
    },

    /**
     * The mean F1 of the classes that are the truth or the prediction of any row. The F1 of a class is {@code 2 TP / (2
     * TP + FP + FN)}, which is 0 where precision or recall is 0/0, as in scikit-learn with {@code zero_division=0}.
     */
    MACRO_F1("macroF1", "macro-F1", Scale.SCORE, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            double scores = 0;
            int classes = 0;
            for (int label = 0; label < sum.classes(); label++) {
                double trueAndPredicted = sum.weightOf(label) + sum.weightPredictedAs(label);
                if (trueAndPredicted > 0) {
                    scores += 2 * sum.confusionWeight(label, label) / trueAndPredicted;
                    classes++;
                }
            }
            return OptionalDouble.of(scores / classes);
        }
    },

    /** The lowest recall of a class that has rows. */
    WORST_CLASS_RECALL("worstClassRecall", "worst-class recall", Scale.SHARE, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return OptionalDouble.of(recall(sum, worstClass(sum)));
        }
    },

    /**
     * The mean of {@code -ln p} of the true class, whatever loss was trained: comparable between networks. Only if
     * outputs are probabilities: see {@link EvaluationSum#logLossSum}.
     */
    LOG_LOSS("logLoss", "log-loss", Scale.COST, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return sum.hasProbabilities() ? OptionalDouble.of(sum.logLossSum() / sum.weight()) : OptionalDouble.empty();
        }

        @Override
        boolean hasValue(Network network) {
            return network.givesProbabilities();
        }
    },

    /** The share of rows whose class has one of the two highest outputs; only for more than two classes. */
    TOP_2_ACCURACY("top2Accuracy", "top-2 accuracy", Scale.SHARE, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return sum.classes() > 2 ? OptionalDouble.of(sum.inTopTwo() / sum.weight()) : OptionalDouble.empty();
        }

        @Override
        boolean hasValue(Network network) {
            return network.classes() > 2;
        }
    },

    /**
     * The area under the ROC curve of class 1, computed from a histogram; {@link io.treegrad.network.ScoreHistogram}
     * bounds the error. Only for two classes that both have rows, and only if outputs are probabilities.
     */
    AUC("auc", "AUC", Scale.SCORE, Task.CLASSIFICATION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return sum.scores().isPresent() && sum.rowsOf(0) > 0 && sum.rowsOf(1) > 0
                    ? OptionalDouble.of(sum.scores().get().areaUnderCurve())
                    : OptionalDouble.empty();
        }

        @Override
        boolean hasValue(Network network) {
            return network.classes() == 2 && network.givesProbabilities();
        }
    },

    /** The root of the mean squared error of predicted numbers, in their unit. */
    RMSE("rmse", "RMSE", Scale.COST, Task.REGRESSION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return OptionalDouble.of(sum.errors().orElseThrow().rootMeanSquaredError());
        }
    },

    /** The mean absolute error of predicted numbers, in their unit. */
    MAE("mae", "MAE", Scale.COST, Task.REGRESSION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            return OptionalDouble.of(sum.errors().orElseThrow().meanAbsoluteError());
        }
    },

    /**
     * The coefficient of determination: the share of the variance of the true numbers that is predicted. 1 is perfect, 0
     * is as good as their mean. Empty where all are the same.
     */
    R2("r2", "R²", Scale.FIT, Task.REGRESSION) {
        @Override
        OptionalDouble value(EvaluationSum sum) {
            double unexplained = sum.errors().orElseThrow().unexplainedShare();
            return Double.isNaN(unexplained) ? OptionalDouble.empty() : OptionalDouble.of(1 - unexplained);
        }
    };

    /** The range of the values, which of them are better, and how they are written. */
    private enum Scale {
        /** From 0 up, the lower the better. */
        COST(0, Double.POSITIVE_INFINITY, true),
        /** A share of rows, the higher the better; in percent. */
        SHARE(0, 1, false),
        /** From 0 to 1, the higher the better; as a decimal. */
        SCORE(0, 1, false),
        /** At most 1, the higher the better; as a decimal. */
        FIT(Double.NEGATIVE_INFINITY, 1, false);

        private final double least;
        private final double most;
        private final boolean lowerIsBetter;

        Scale(double least, double most, boolean lowerIsBetter) {
            this.least = least;
            this.most = most;
            this.lowerIsBetter = lowerIsBetter;
        }
    }

    private final String key;
    private final String label;
    private final Scale scale;
    /** Null for both. */
    private final Task task;

    Metric(String key, String label, Scale scale, Task task) {
        this.key = key;
        this.label = label;
        this.scale = scale;
        this.task = task;
    }

    /** Empty if the metric does not apply. The sum has rows. */
    final OptionalDouble of(EvaluationSum sum) {
        return isFor(sum.errors().isPresent() ? Task.REGRESSION : Task.CLASSIFICATION)
                ? value(sum)
                : OptionalDouble.empty();
    }

    /** Whether models of this network can have a value. */
    final boolean appliesTo(Network network) {
        return isFor(network.task()) && hasValue(network);
    }

    /** Whether it tells how good a model of this task is. */
    public boolean isFor(Task other) {
        return task == null || task == other;
    }

    /** Of a sum of the task of the metric. */
    abstract OptionalDouble value(EvaluationSum sum);

    /** For a network of the task of the metric. */
    boolean hasValue(Network network) {
        return true;
    }

    /** The class with the lowest recall among those that have rows, the first one of several. The sum has rows. */
    public static int worstClass(EvaluationSum sum) {
        int worst = -1;
        for (int label = 0; label < sum.classes(); label++) {
            if (sum.rowsOf(label) > 0 && (worst < 0 || recall(sum, label) < recall(sum, worst))) {
                worst = label;
            }
        }
        return worst;
    }

    static double recall(EvaluationSum sum, int label) {
        return sum.confusionWeight(label, label) / sum.weightOf(label);
    }

    /** The metric with this key; empty for a key that only another version knows. */
    public static Optional<Metric> named(String key) {
        return Arrays.stream(values()).filter(metric -> metric.key.equals(key)).findFirst();
    }

    /** The name in files and options. */
    public String key() {
        return key;
    }

    /** The name in sentences and tables. */
    public String label() {
        return label;
    }

    public boolean lowerIsBetter() {
        return scale.lowerIsBetter;
    }

    /** Whether values are written in percent. */
    public boolean isPercentage() {
        return scale == Scale.SHARE;
    }

    /** False for equal values, and if one of them is NaN. */
    boolean isBetter(double value, double than) {
        return scale.lowerIsBetter ? value < than : value > than;
    }

    /** Whether a value is at least as good as the bound; false for NaN. */
    public boolean reaches(double value, double bound) {
        return scale.lowerIsBetter ? value <= bound : value >= bound;
    }

    /** A value for a terminal or a table, the same in every locale: {@code 0.0712} or {@code 98.01 %}. */
    public String text(double value) {
        return isPercentage() ? String.format(Locale.ROOT, "%.2f %%", 100 * value) : decimal(value);
    }

    /** A shorter form, for where there is little room: {@code 98.0%}. */
    public String shortText(double value) {
        return isPercentage() ? String.format(Locale.ROOT, "%.1f%%", 100 * value) : decimal(value);
    }

    private static String decimal(double value) {
        double size = Math.abs(value); // of prices four decimals say no more than one
        boolean usual = value == 0 || (size >= 0.001 && size < 1e9);
        return String.format(Locale.ROOT, usual ? (size < 1000 ? "%.4f" : "%.1f") : "%.2e", value);
    }

    /** @throws IllegalArgumentException if the value is null or impossible for this metric */
    void requireValid(Double value) {
        if (value == null || !(value >= scale.least && value <= scale.most) || value.isInfinite()) {
            String expected = Double.isInfinite(scale.most)
                    ? "a finite number from " + Math.round(scale.least) + " up"
                    : Double.isInfinite(scale.least)
                            ? "a finite number up to " + Math.round(scale.most)
                            : Math.round(scale.least) + " to " + Math.round(scale.most);
            throw new IllegalArgumentException(
                    key + " is " + (value == null ? "missing" : value) + ", expected " + expected);
        }
    }
}
