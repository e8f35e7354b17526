package io.treegrad.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes the page of one run. */
public final class ReportPage {
    private ReportPage() {}

    /** The whole page; the same report gives the same text. */
    public static String html(Report report) {
        Report.Run run = report.run();
        String sentence = Words.sentence(run, report.epochs().size());
        ObjectNode data = PageData.of(report);
        data.put("id", run.id());
        data.put("byline", "Run " + run.id() + " · engine " + run.engine() + " · " + run.arithmetic());
        return new Page("page.html", run.network() + " on " + run.data() + " · treegrad", sentence, data).html();
    }
}
