package io.treegrad.cli;

import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.util.Locale;
import java.util.Optional;

/** Progress as text: one line, within 80 columns for usual numbers, the same in every locale. */
final class ProgressText {
    private ProgressText() {}

    /** {@code 3/10 | loss 0.0712 | accuracy 97.9% valid 97.6% | 212,000 rows/s | 2 s left}. */
    static String epoch(
            long epoch,
            long epochs,
            MetricValues train,
            Optional<MetricValues> validation,
            double rowsPerSecond,
            double secondsLeft) {
        StringBuilder line = new StringBuilder(count(epoch, epochs)).append(training(train));
        validation.ifPresent(values -> line.append(validated(values)));
        line.append(" | ").append(rate(rowsPerSecond));
        if (epoch < epochs) {
            line.append(" | ").append(timeLeft(secondsLeft));
        }
        return line.toString();
    }

    /** The text of a bar, or of a line between two epochs. */
    static String moment(long epoch, long epochs, MetricValues train, double rowsPerSecond, double secondsLeft) {
        return count(epoch, epochs) + training(train) + " | " + rate(rowsPerSecond) + " | " + timeLeft(secondsLeft);
    }

    private static String training(MetricValues train) {
        StringBuilder text = new StringBuilder();
        for (Metric metric : train.metrics()) {
            text.append(" | ").append(metric.label()).append(' ').append(metric.shortText(train.get(metric)));
        }
        return text.toString();
    }

    private static String validated(MetricValues values) {
        return values.has(Metric.ACCURACY)
                ? " valid " + Metric.ACCURACY.shortText(values.get(Metric.ACCURACY))
                : " | valid " + Metric.RMSE.label() + " " + Metric.RMSE.shortText(values.get(Metric.RMSE));
    }

    private static String count(long epoch, long epochs) {
        String of = Long.toString(epochs);
        return String.format(Locale.ROOT, "%" + of.length() + "d/%s", epoch, of);
    }

    /** Three significant digits. */
    private static String rate(double rowsPerSecond) {
        double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, rowsPerSecond))) - 2));
        return String.format(Locale.ROOT, "%,.0f rows/s", Math.rint(rowsPerSecond / unit) * unit);
    }

    static String timeLeft(double seconds) {
        long rounded = (long) Math.ceil(Math.max(0, seconds));
        if (rounded < 100) {
            return rounded + " s left";
        }
        long minutes = (rounded + 59) / 60;
        return minutes < 100 ? minutes + " min left" : minutes / 60 + " h " + minutes % 60 + " min left";
    }
}
