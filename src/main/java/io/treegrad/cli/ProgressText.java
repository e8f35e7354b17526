package io.treegrad.cli;

import java.util.Locale;
import java.util.OptionalDouble;

/** Progress in words: one line within 80 columns for usual numbers, the same in every locale. */
final class ProgressText {
    private ProgressText() {}

    /** {@code 3/10 | loss 0.0712 | accuracy 97.9% valid 97.6% | 212,000 rows/s | 2 s left}. */
    static String epoch(
            long epoch,
            long epochs,
            double trainLoss,
            double trainAccuracy,
            OptionalDouble validationLoss,
            OptionalDouble validationAccuracy,
            double rowsPerSecond,
            double secondsLeft) {
        StringBuilder line =
                new StringBuilder(count(epoch, epochs)).append(" | loss ").append(loss(trainLoss));
        if (validationAccuracy.isEmpty()) {
            validationLoss.ifPresent(loss -> line.append(" valid ").append(loss(loss)));
        }
        line.append(" | accuracy ").append(percent(trainAccuracy));
        validationAccuracy.ifPresent(share -> line.append(" valid ").append(percent(share)));
        line.append(" | ").append(rate(rowsPerSecond));
        if (epoch < epochs) {
            line.append(" | ").append(timeLeft(secondsLeft));
        }
        return line.toString();
    }

    /** What a bar or a line between two epochs says. */
    static String moment(
            long epoch, long epochs, double loss, double accuracy, double rowsPerSecond, double secondsLeft) {
        return count(epoch, epochs) + " | loss " + loss(loss) + " | accuracy " + percent(accuracy) + " | "
                + rate(rowsPerSecond) + " | " + timeLeft(secondsLeft);
    }

    private static String count(long epoch, long epochs) {
        String of = Long.toString(epochs);
        return String.format(Locale.ROOT, "%" + of.length() + "d/%s", epoch, of);
    }

    private static String loss(double loss) {
        boolean usual = loss == 0 || (loss >= 0.001 && loss < 10_000);
        return String.format(Locale.ROOT, usual ? "%.4f" : "%.2e", loss);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
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
