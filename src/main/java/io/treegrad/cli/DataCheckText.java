package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.run.DataCheck;
import io.treegrad.run.DataSet;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The result of a look at data for a person; its table is within 80 columns. */
final class DataCheckText {
    private static final int MOST_CLASSES = 20;

    private DataCheckText() {}

    static void print(PrintStream out, DataSet data, DataCheck check) {
        boolean compared = check.comparedWith() != null;
        out.printf("Data     %s%n", data.trainSource().describe());
        out.printf(
                Locale.ROOT,
                "Rows     train %,d, validation %,d, test %,d%n",
                data.split().train().size(),
                data.split().validation().size(),
                data.split().test().size());
        out.printf("Beside   %s%n%n", compared ? check.comparedWith() : "no published model of such data");
        out.printf("%-16s %10s %9s %9s %9s%n", "class", "rows", "share", "before", "drift");
        List<DataCheck.ClassRows> classes = check.classes();
        for (DataCheck.ClassRows one : classes.subList(0, Math.min(MOST_CLASSES, classes.size()))) {
            out.printf(
                    Locale.ROOT,
                    "%-16.16s %,10d %9s %9s %9s%n",
                    Printable.plain(one.label()),
                    one.rows(),
                    percent(one.share()),
                    percent(one.before()),
                    drift(one.drift()));
        }
        if (classes.size() > MOST_CLASSES || classes.isEmpty()) {
            int left = Math.max(data.trainSource().classes(), classes.size()) - Math.min(MOST_CLASSES, classes.size());
            out.printf(Locale.ROOT, "%,d other classes%n", left);
        }
        out.println();
        if (compared) {
            out.printf("Drift of the shares of the classes  %s%n", drift(check.labelDrift()));
            out.printf("Drift of the values of all classes  %s%n", drift(check.featureDrift()));
            out.printf("Largest drift                       %s%n", drift(check.drift()));
        }
        out.printf(Locale.ROOT, "Features of one value in sampled rows   %,d%n", check.constantFeatures());
        out.printf(
                Locale.ROOT,
                "Test rows that are training rows too    %,d of %,d%n%n",
                check.duplicates(),
                check.testRows());
        out.println(check.findings().isEmpty() ? "Nothing odd was found." : "Found:");
        check.findings().forEach(finding -> out.println("- " + finding));
        out.flush();
    }

    private static String percent(Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String drift(Double drift) {
        return drift == null ? "-" : String.format(Locale.ROOT, "%.3f", drift);
    }
}
