package io.treegrad.report;

import io.treegrad.data.Part;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.util.Locale;

/** Numbers and sentences as a person reads them, the same in every locale. */
final class Words {
    /** Between a number and its unit, where lines must not break. */
    private static final String SPACE = "\u00a0";

    private Words() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f" + SPACE + "%%", 100 * share);
    }

    /** The value of a metric; empty if it is not among these. */
    static String metric(Metric metric, MetricValues values) {
        return values.text(metric).replace(" ", SPACE);
    }

    static String duration(double seconds) {
        if (seconds < 0.1) {
            return String.format(Locale.ROOT, "%.1f" + SPACE + "ms", 1000 * seconds);
        }
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f" + SPACE + "s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(
                        Locale.ROOT, "%d" + SPACE + "min" + SPACE + "%02d" + SPACE + "s", whole / 60, whole % 60)
                : String.format(
                        Locale.ROOT,
                        "%d" + SPACE + "h" + SPACE + "%02d" + SPACE + "min",
                        whole / 3600,
                        whole / 60 % 60);
    }

    /** The run in one sentence. */
    static String sentence(Report.Run run, int epochs) {
        StringBuilder sentence = new StringBuilder();
        Long train = run.rows().get(Part.TRAIN);
        sentence.append("A ").append(run.network()).append(" network, trained on ");
        if (train != null) {
            sentence.append(count(train)).append(" rows of ");
        }
        sentence.append(run.data()).append(" for ").append(count(epochs)).append(epochs == 1 ? " epoch" : " epochs");
        sentence.append(" in ").append(duration(run.seconds()));
        if (run.test() != null && !run.test().has(Metric.ACCURACY)) {
            sentence.append(", predicts ").append(count(run.rows().get(Part.TEST)));
            sentence.append(" test rows with a root mean squared error of ");
            sentence.append(metric(Metric.RMSE, run.test()));
        } else if (run.test() != null) {
            sentence.append(", classifies ").append(metric(Metric.ACCURACY, run.test()));
            sentence.append(" of ").append(count(run.rows().get(Part.TEST))).append(" test rows correctly");
        }
        return sentence.append('.').toString();
    }
}
