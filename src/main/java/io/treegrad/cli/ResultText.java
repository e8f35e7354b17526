package io.treegrad.cli;

import io.treegrad.data.Part;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.run.RunOutcome;
import io.treegrad.run.RunRecord;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/** The result of a training run for a person, within 80 columns. */
final class ResultText {
    private ResultText() {}

    /** @param outcome of a run that trained */
    static void print(PrintStream out, RunOutcome outcome) {
        TrainedModel model = outcome.model().orElseThrow();
        RunRecord record = outcome.record();
        Provenance provenance = model.provenance();
        out.printf(
                Locale.ROOT,
                "Network %s trained on %s: %,d steps, %d epoch%s%s%n",
                model.network(),
                provenance.data().kind(),
                record.steps(),
                record.epochs(),
                record.epochs() == 1 ? "" : "s",
                record.bestEpoch().orElse(record.epochs()) == record.epochs()
                        ? ""
                        : ", parameters of epoch " + record.bestEpoch().getAsLong());
        Metric leading = provenance.metrics().get(Part.TRAIN).leading();
        out.printf(Locale.ROOT, "  %-12s %8s %10s %10s%n", "", "rows", Metric.LOSS.label(), leading.label());
        for (Map.Entry<Part, MetricValues> entry : provenance.metrics().entrySet()) {
            out.printf(
                    Locale.ROOT,
                    "  %-12s %,8d %10s %10s%n",
                    entry.getKey().label(),
                    provenance.data().rows().get(entry.getKey()),
                    entry.getValue().text(Metric.LOSS),
                    entry.getValue().text(leading));
        }
        MetricValues test = provenance.metrics().get(Part.TEST);
        if (test != null) {
            MetricText.print(out, "  test: ", test, EnumSet.complementOf(EnumSet.of(Metric.LOSS, leading)));
        }
        printModel(out, record);
    }

    /** @param record of a run that had nothing to train */
    static void print(PrintStream out, RunRecord record) {
        record.metrics()
                .forEach((part, values) ->
                        MetricText.print(out, "  %-12s ".formatted(part.label()), values, EnumSet.allOf(Metric.class)));
        printModel(out, record);
    }

    private static void printModel(PrintStream out, RunRecord record) {
        out.printf("Model    %s%n", record.model());
        out.printf("Weights  %s%n", record.weightsSha256());
        out.flush();
    }
}
