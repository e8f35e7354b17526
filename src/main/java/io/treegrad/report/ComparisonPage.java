package io.treegrad.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the page that shows several runs in one chart. */
public final class ComparisonPage {
    private ComparisonPage() {}

    /**
     * A run to compare. The settings in which the runs differ are its name.
     *
     * @param settings that may say what was tried
     */
    public record ComparedRun(Report.Run run, List<Report.Epoch> epochs, List<Report.Setting> settings) {
        public ComparedRun {
            epochs = List.copyOf(epochs);
            settings = List.copyOf(settings);
        }

        String value(String setting) {
            return settings.stream()
                    .filter(known -> known.name().equals(setting))
                    .map(Report.Setting::value)
                    .findFirst()
                    .orElse("");
        }
    }

    /**
     * The whole page; the same runs in the same order give the same text.
     *
     * @param diverged how many runs beside them diverged, of which the page only says so
     */
    public static String html(List<ComparedRun> runs, int diverged) {
        List<String> varied = varied(runs);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        varied.forEach(data.putArray("varied")::add);
        Set<Metric> metrics = new TreeSet<>();
        runs.forEach(run -> metrics.addAll(PageData.metricsOf(run.epochs())));
        runs.stream()
                .map(run -> run.run().test())
                .filter(Objects::nonNull)
                .forEach(test -> metrics.addAll(test.metrics()));
        data.set("metrics", PageData.metrics(metrics));
        ArrayNode nodes = data.putArray("runs");
        List<String> names = names(runs, varied);
        for (int i = 0; i < runs.size(); i++) {
            nodes.add(node(runs.get(i), names.get(i), varied, metrics));
        }
        String sentence = runs.size() + " runs that differ in " + listed(varied) + "."
                + (diverged == 0 ? "" : " Of " + (runs.size() + diverged) + " in all, " + diverged + " diverged.");
        return new Page("comparison.html", runs.size() + " runs compared · treegrad", sentence, data).html();
    }

    private static String listed(List<String> varied) {
        return switch (varied.size()) {
            case 0 -> "nothing but their ids";
            case 1 -> varied.get(0);
            default ->
                String.join(", ", varied.subList(0, varied.size() - 1)) + " and " + varied.get(varied.size() - 1);
        };
    }

    private static ObjectNode node(ComparedRun compared, String name, List<String> varied, Set<Metric> metrics) {
        Report.Run run = compared.run();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", name).put("id", run.id()).put("network", run.network());
        varied.stream().map(compared::value).forEach(node.putArray("varied")::add);
        node.put("seconds", run.seconds()).put("time", Words.duration(run.seconds()));
        node.set("epochs", PageData.epochs(compared.epochs(), metrics));
        ObjectNode last = node.putObject("figures");
        Report.Epoch chosen = chosen(compared);
        last.set("train", figures(chosen == null ? null : chosen.train()));
        last.set("validation", figures(chosen == null ? null : chosen.validation()));
        last.set("test", figures(run.test()));
        return node;
    }

    /** Values as text, by metric. */
    private static ObjectNode figures(MetricValues values) {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        if (values != null) {
            values.metrics().forEach(metric -> figures.put(metric.key(), Words.metric(metric, values)));
        }
        return figures;
    }

    /** The epoch whose parameters were kept, or the last one. */
    private static Report.Epoch chosen(ComparedRun compared) {
        List<Report.Epoch> epochs = compared.epochs();
        return epochs.stream()
                .filter(epoch -> epoch.epoch() == compared.run().chosenEpoch())
                .findFirst()
                .orElse(epochs.isEmpty() ? null : epochs.get(epochs.size() - 1));
    }

    /** Settings whose values differ between the runs, in the order in which the runs list them. */
    private static List<String> varied(List<ComparedRun> runs) {
        Set<String> settings = new LinkedHashSet<>();
        runs.forEach(run -> run.settings().forEach(setting -> settings.add(setting.name())));
        return settings.stream()
                .filter(setting ->
                        runs.stream().map(run -> run.value(setting)).distinct().count() > 1)
                .toList();
    }

    /**
     * The values of the varied settings of each run; with its id if there are none, or if the names would not be
     * unique.
     */
    private static List<String> names(List<ComparedRun> runs, List<String> varied) {
        List<String> names = new ArrayList<>();
        for (ComparedRun run : runs) {
            String values = varied.stream()
                    .map(run::value)
                    .filter(value -> !value.isEmpty())
                    .collect(Collectors.joining(" · "));
            names.add(values.isEmpty() ? run.run().id() : values);
        }
        if (new HashSet<>(names).size() == names.size()) {
            return names;
        }
        List<String> withIds = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String id = runs.get(i).run().id();
            withIds.add(names.get(i).equals(id) ? id : names.get(i) + " · " + id);
        }
        return withIds;
    }
}
