package io.treegrad.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import io.treegrad.data.Part;
import io.treegrad.data.Shape;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** A report as the scripts of its page read it: numbers with six digits, pictures as their numbers on one sheet. */
final class PageData {
    private static final MathContext DIGITS = new MathContext(6);
    private static final int MOST_EPOCHS = 2000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PageData() {}

    static ObjectNode of(Report report) {
        ObjectNode page = NODES.objectNode();
        report.labels().forEach(page.putArray("labels")::add);
        page.set("figures", figures(report.run(), report.epochs().size()));
        page.put("stepsPerEpoch", report.run().stepsPerEpoch());
        page.put("chosenEpoch", report.run().chosenEpoch());
        Set<Metric> metrics = metricsOf(report.epochs());
        page.set("metrics", metrics(metrics));
        page.set("epochs", epochs(report.epochs(), metrics));
        if (report.steps().points() > 0) {
            page.set("steps", steps(report.steps()));
        }
        if (report.confusion() != null) {
            page.set("confusion", confusion(report.confusion()));
        }
        if (report.fit() != null) {
            page.set("fit", fit(report.fit()));
        }
        Shape shape = pictureShape(report);
        if (shape != null) {
            PictureSheet sheet = new PictureSheet(shape);
            if (report.gallery() != null) {
                page.set("gallery", gallery(report.gallery(), sheet));
            }
            if (report.projection() != null) {
                page.set("projection", projection(report.projection(), sheet));
            }
            page.putObject("sheet")
                    .put("url", sheet.url())
                    .put("columns", sheet.columns())
                    .put("height", shape.height())
                    .put("width", shape.width());
        } else if (report.projection() != null) {
            page.set("projection", projection(report.projection(), null));
        }
        if (report.firstLayer() != null) {
            page.set("firstLayer", firstLayer(report.firstLayer()));
        }
        if (report.data() != null) {
            page.set("dataCheck", dataCheck(report.data()));
        }
        page.set(
                "settings",
                table(report.settings(), setting -> List.of(setting.name(), setting.value(), setting.source())));
        page.set("provenance", table(report.provenance(), fact -> List.of(fact.name(), fact.value())));
        page.set(
                "timings", table(report.timings(), timing -> List.of(timing.what(), Words.duration(timing.seconds()))));
        return page;
    }

    /** The figures at the top of the page, each with its name. */
    private static ArrayNode figures(Report.Run run, int epochs) {
        ArrayNode figures = NODES.arrayNode();
        if (run.test() != null) {
            MetricValues test = run.test();
            if (test.has(Metric.ACCURACY)) {
                figures.add(testFigure(Metric.ACCURACY, test));
                long rows = run.rows().get(Part.TEST);
                long wrong = Math.round(rows * (1 - test.get(Metric.ACCURACY)));
                figures.add(pair("Test errors", Words.count(wrong) + " of " + Words.count(rows)));
            }
            test.metrics().stream()
                    .filter(metric -> metric != Metric.ACCURACY)
                    .forEach(metric -> figures.add(testFigure(metric, test)));
        }
        figures.add(pair("Epochs", Words.count(epochs)));
        figures.add(pair("Steps", Words.count(run.steps())));
        figures.add(pair("Training", Words.duration(run.seconds())));
        return figures;
    }

    private static ArrayNode testFigure(Metric metric, MetricValues test) {
        return pair("Test " + metric.label(), Words.metric(metric, test));
    }

    private static ArrayNode pair(String name, String value) {
        return NODES.arrayNode().add(name).add(value);
    }

    /** The metrics that any epoch has. */
    static Set<Metric> metricsOf(List<Report.Epoch> epochs) {
        return MetricValues.union(epochs.stream()
                .flatMap(epoch -> Stream.of(epoch.train(), epoch.validation()))
                .filter(Objects::nonNull)
                .toList());
    }

    /** What the scripts need to know of metrics. */
    static ArrayNode metrics(Set<Metric> metrics) {
        ArrayNode nodes = NODES.arrayNode();
        for (Metric metric : metrics) {
            nodes.addObject()
                    .put("key", metric.key())
                    .put("label", metric.label())
                    .put("percentage", metric.isPercentage())
                    .put("lowerIsBetter", metric.lowerIsBetter());
        }
        return nodes;
    }

    /** A column for each metric of each part; thinned out if there are thousands, but always with the last epoch. */
    static ObjectNode epochs(List<Report.Epoch> epochs, Set<Metric> metrics) {
        int stride = (epochs.size() + MOST_EPOCHS - 1) / MOST_EPOCHS;
        ObjectNode columns = NODES.objectNode();
        ArrayNode numbers = columns.putArray("epoch");
        for (int i = 0; i < epochs.size(); i++) {
            if ((epochs.size() - 1 - i) % stride == 0) {
                Report.Epoch epoch = epochs.get(i);
                numbers.add(epoch.epoch());
                add(columns.withObject("/train"), epoch.train(), metrics);
                add(columns.withObject("/validation"), epoch.validation(), metrics);
            }
        }
        return columns;
    }

    private static void add(ObjectNode columns, MetricValues values, Set<Metric> metrics) {
        for (Metric metric : metrics) {
            boolean known = values != null && values.has(metric);
            add(columns.withArray("/" + metric.key()), known ? values.get(metric) : Double.NaN);
        }
    }

    private static ObjectNode steps(StepLosses losses) {
        ObjectNode steps = NODES.objectNode().put("width", losses.width());
        ArrayNode first = steps.putArray("step");
        ArrayNode lowest = steps.putArray("lowest");
        ArrayNode mean = steps.putArray("mean");
        ArrayNode highest = steps.putArray("highest");
        for (int point = 0; point < losses.points(); point++) {
            first.add(point * losses.width());
            add(lowest, losses.lowest(point));
            add(mean, losses.mean(point));
            add(highest, losses.highest(point));
        }
        return steps;
    }

    private static ArrayNode confusion(ConfusionMatrix confusion) {
        ArrayNode lines = NODES.arrayNode();
        for (int label = 0; label < confusion.classes(); label++) {
            ArrayNode line = lines.addArray();
            for (int predicted = 0; predicted < confusion.classes(); predicted++) {
                line.add(confusion.count(label, predicted));
            }
        }
        return lines;
    }

    private static ObjectNode fit(Fit fit) {
        ObjectNode node = NODES.objectNode();
        ArrayNode actual = node.putArray("actual");
        ArrayNode predicted = node.putArray("predicted");
        for (int row = 0; row < fit.rows(); row++) {
            add(actual, fit.actual(row));
            add(predicted, fit.predicted(row));
        }
        return node;
    }

    private static Shape pictureShape(Report report) {
        if (report.gallery() != null) {
            return report.gallery().shape();
        }
        Projection projection = report.projection();
        return projection != null && projection.shape().isPicture() ? projection.shape() : null;
    }

    private static ObjectNode gallery(Gallery gallery, PictureSheet sheet) {
        ObjectNode node = NODES.objectNode().put("rows", gallery.rows());
        node.set("worst", examples(gallery.worst(), sheet));
        node.set("random", examples(gallery.random(), sheet));
        node.set("oneOfEach", examples(gallery.oneOfEach(), sheet));
        node.set("ofOneClass", examples(gallery.ofOneClass(), sheet));
        node.set("rotations", examples(gallery.rotations(), sheet));
        ObjectNode confused = node.putObject("confused");
        gallery.confused().forEach((cell, cases) -> confused.set(cell.toString(), examples(cases, sheet)));
        return node;
    }

    private static ArrayNode examples(List<Example> examples, PictureSheet sheet) {
        ArrayNode nodes = NODES.arrayNode();
        for (Example example : examples) {
            Predictions.Answer answer = example.answer();
            ObjectNode node = nodes.addObject()
                    .put("row", example.row())
                    .put("label", answer.label())
                    .put("predicted", answer.predicted())
                    .put("picture", sheet.place(example.pixels()));
            node.set("probability", rounded(answer.probability()));
            node.set("labelProbability", rounded(answer.labelProbability()));
        }
        return nodes;
    }

    private static ObjectNode projection(Projection projection, PictureSheet sheet) {
        ObjectNode node = NODES.objectNode();
        ArrayNode shares = node.putArray("shares");
        ArrayNode places = node.putArray("places");
        ArrayNode labels = node.putArray("labels");
        for (int component = 0; component < Projection.DIMENSIONS; component++) {
            add(shares, projection.share(component));
        }
        for (int row = 0; row < projection.rows(); row++) {
            labels.add(projection.label(row));
            for (int component = 0; component < Projection.DIMENSIONS; component++) {
                // a thousandth of the plot cannot be seen
                places.add(decimal(projection.place(row, component), new MathContext(4)));
            }
        }
        if (!projection.pictures().isEmpty()) {
            ArrayNode pictures = node.putArray("pictures");
            projection.pictures().forEach(pixels -> pictures.add(sheet.place(pixels)));
        }
        return node;
    }

    private static ObjectNode firstLayer(UnitWeights weights) {
        ObjectNode node = NODES.objectNode()
                .put("layerUnits", weights.layerUnits())
                .put("height", weights.shape().height())
                .put("width", weights.shape().width())
                .put("levels", Base64.getEncoder().encodeToString(weights.levels()));
        ArrayNode largest = node.putArray("largest");
        for (int unit = 0; unit < weights.units(); unit++) {
            add(largest, weights.largest(unit));
        }
        return node;
    }

    private static ObjectNode dataCheck(Report.DataFacts facts) {
        ObjectNode node = NODES.objectNode();
        node.set(
                "classes",
                table(
                        facts.classes(),
                        one -> List.of(
                                one.label(),
                                Words.count(one.rows()),
                                Words.percent(one.share()),
                                one.before() == null ? "" : Words.percent(one.before()),
                                one.drift() == null ? "" : String.format(Locale.ROOT, "%.3f", one.drift()))));
        facts.findings().forEach(node.putArray("findings")::add);
        return node;
    }

    static <T> ArrayNode table(List<T> rows, Function<T, List<String>> cells) {
        ArrayNode table = NODES.arrayNode();
        for (T row : rows) {
            cells.apply(row).forEach(table.addArray()::add);
        }
        return table;
    }

    /** A number that is not finite becomes null, since JSON has none. */
    private static void add(ArrayNode array, double value) {
        array.add(rounded(value));
    }

    private static ValueNode rounded(double value) {
        return Double.isFinite(value) ? NODES.numberNode(decimal(value, DIGITS)) : NODES.nullNode();
    }

    private static double decimal(double value, MathContext digits) {
        return Double.isFinite(value) ? new BigDecimal(value).round(digits).doubleValue() : 0;
    }
}
