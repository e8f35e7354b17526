package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.Gate;
import io.treegrad.training.Measure;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import io.treegrad.training.PairedCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** The gates of a run: whether its model is good enough to be published. */
final class Gates {
    /** Ends the first sentence about a model that is not published. */
    static final String NOTHING_PUBLISHED = ": nothing was published, what was published before is unchanged. ";

    private static final String ADVICE = "Train longer, look at the data, or change the gate.";

    /**
     * As unlikely as this, chance does not explain a loss. McNemar's test knows the chance of the rows. A retraining also has
     * that of its seed: little in a network that is trained to its end, as much again in one that is not. And a champion that
     * was lucky is hard to follow for many nights. So 0.01 of the test, that less than 0.05 of the retrainings are blocked.
     */
    static final double SIGNIFICANCE = 0.01;

    /** A gate, and the setting that asks for it. */
    private record Asked(Gate gate, Setting<?> setting) {
        boolean comparesWithChampion() {
            return gate instanceof Gate.AgainstChampion;
        }

        boolean comparesLossWithChampion() {
            return comparesWithChampion() && gate.measure().equals(new Measure.OfAllRows(Metric.LOSS));
        }
    }

    private final Settings settings;
    private final OutputDirectory output;
    private final List<Asked> gates = new ArrayList<>();

    Gates(Settings settings, OutputDirectory output) {
        this.settings = settings;
        this.output = output;
        settings.get(OutputSettings.GATES).forEach(gate -> gates.add(new Asked(gate, OutputSettings.GATES)));
        Measure accuracy = new Measure.OfAllRows(Metric.ACCURACY);
        settings.get(OutputSettings.MIN_ACCURACY)
                .ifPresent(least -> gates.add(new Asked(new Gate.Bound(accuracy, least), OutputSettings.MIN_ACCURACY)));
        settings.get(OutputSettings.MAX_REGRESSION)
                .ifPresent(most ->
                        gates.add(new Asked(new Gate.AgainstChampion(accuracy, most), OutputSettings.MAX_REGRESSION)));
    }

    /** Refuses gates that no model of the task can have, whatever the data. */
    void requirePossible() {
        Task task = settings.get(DataSettings.TASK);
        for (Asked asked : gates) {
            if (!asked.gate.measure().isFor(task)) {
                throw settings.refusal(
                        asked.setting,
                        "there is no %s of a model which predicts %s. Name another."
                                .formatted(
                                        asked.gate.measure().label(), task == Task.REGRESSION ? "numbers" : "classes"));
            }
        }
    }

    /**
     * Refuses gates that cannot be judged, before anything is computed: there are no test rows, the network has no such
     * metric or class, or the published model was made for others.
     *
     * @param network of the new model, and the names of its classes
     * @param published before this run
     */
    void requireJudgeable(
            boolean hasTestRows, Network network, List<String> labels, Optional<OutputDirectory.Published> published) {
        for (Asked asked : gates) {
            if (!hasTestRows) {
                throw settings.refusal(
                        asked.setting, "it is judged on test rows and there are none. Give some (test-data, split).");
            }
            if (!asked.gate.measure().appliesTo(network, labels)) {
                throw settings.refusal(
                        asked.setting,
                        "there is no %s of the network %s with %s output activation, %s. Name another."
                                .formatted(
                                        asked.gate.measure().label(),
                                        network,
                                        network.layers()
                                                .get(network.layers().size() - 1)
                                                .activation()
                                                .label(),
                                        labels.isEmpty()
                                                ? "which predicts numbers"
                                                : "whose classes are " + String.join(", ", labels)));
            }
        }
        if (compareWithChampion()) {
            published.ifPresent(champion -> requireComparable(champion, network, labels));
        }
    }

    private boolean compareWithChampion() {
        return gates.stream().anyMatch(Asked::comparesWithChampion);
    }

    /** @throws UserError USAGE if the metrics of a published model on the rows of this run mean nothing beside the new ones */
    private void requireComparable(OutputDirectory.Published champion, Network network, List<String> labels) {
        Network before = champion.model().network();
        List<String> labelsBefore = champion.model().labels();
        if (before.features() != network.features() || !labelsBefore.equals(labels)) {
            throw incomparable(
                    champion,
                    Asked::comparesWithChampion,
                    "is for rows of %s, expected %s as in the data of this run"
                            .formatted(rowsOf(before, labelsBefore), rowsOf(network, labels)));
        }
        if (before.loss() != network.loss() && gates.stream().anyMatch(Asked::comparesLossWithChampion)) {
            throw incomparable(
                    champion,
                    Asked::comparesLossWithChampion,
                    "was trained with the loss %s, expected %s as in this run"
                            .formatted(before.loss().label(), network.loss().label()));
        }
    }

    private UserError incomparable(OutputDirectory.Published champion, Predicate<Asked> gate, String reason) {
        return settings.refusal(
                gates.stream().filter(gate).findFirst().orElseThrow().setting,
                "the published %s %s. Choose another output directory, or leave this gate out once."
                        .formatted(champion.directory(), reason));
    }

    private static String rowsOf(Network network, List<String> labels) {
        return network.features() + " values "
                + (labels.isEmpty() ? "with a number" : "in the classes " + DataSet.classNames(labels));
    }

    /** @throws UserError GATE_NOT_MET */
    void requireMet(TrainedModel model, TestRows rows) {
        // another may have been published since the run began
        Optional<OutputDirectory.Published> champion = compareWithChampion() ? output.published() : Optional.empty();
        champion.ifPresent(found -> requireComparable(found, model.network(), model.labels()));
        Evaluations evaluations = new Evaluations(model, rows);
        for (Asked asked : gates) {
            if (asked.gate instanceof Gate.Bound bound) {
                requireReached(bound, asked.setting, evaluations);
            } else if (asked.gate instanceof Gate.AgainstChampion comparison && champion.isPresent()) {
                requireNoLoss(comparison, asked.setting, evaluations, champion.get());
            }
        }
        champion.filter(found -> model.network().task() == Task.CLASSIFICATION)
                .ifPresent(found -> requireNoLostClass(evaluations, found));
    }

    private void requireReached(Gate.Bound gate, Setting<?> setting, Evaluations evaluations) {
        double reached = evaluations.value(gate.measure());
        if (!gate.measure().reaches(reached, gate.bound())) {
            throw notMet("The test %s is %s, expected at %s %s (%s)"
                            .formatted(
                                    gate.measure().label(),
                                    reached,
                                    gate.measure().lowerIsBetter() ? "most" : "least",
                                    plain(gate.bound()),
                                    settings.nameOf(setting))
                    + NOTHING_PUBLISHED
                    + ADVICE);
        }
    }

    private void requireNoLoss(
            Gate.AgainstChampion gate,
            Setting<?> setting,
            Evaluations evaluations,
            OutputDirectory.Published champion) {
        Measure measure = gate.measure();
        double now = evaluations.value(measure);
        double before = evaluations.championValue(measure, champion.model());
        double worst = measure.lowerIsBetter() ? before + gate.tolerance() : before - gate.tolerance();
        if (measure.reaches(now, worst)) {
            return;
        }
        String evidence = "";
        Optional<PairedCounts> pairs = evaluations.pairs(measure, champion.model());
        if (pairs.isPresent()) {
            double chance = pairs.get().chanceOfLoss(gate.tolerance());
            if (chance >= SIGNIFICANCE) {
                return; // chance alone explains it
            }
            evidence = " (%d rows lost, %d gained; chance alone does this with probability %.2g)"
                    .formatted(pairs.get().lost(), pairs.get().gained(), chance);
        }
        throw notMet(
                "The test %s is %s and that of the published %s is %s on the same rows%s, expected at most %s %s (%s)"
                                .formatted(
                                        measure.label(),
                                        now,
                                        champion.directory(),
                                        before,
                                        evidence,
                                        plain(gate.tolerance()),
                                        measure.lowerIsBetter() ? "more" : "less",
                                        settings.nameOf(setting))
                        + NOTHING_PUBLISHED
                        + ADVICE);
    }

    private static void requireNoLostClass(Evaluations evaluations, OutputDirectory.Published champion) {
        int lost = evaluations.pairs(champion.model()).lostClass();
        if (lost >= 0) {
            Measure recall = new Measure.OfClass(evaluations.model.labels().get(lost));
            throw notMet(
                    "The test %s is %s and that of the published %s is %s on the same rows, expected that no class is lost"
                                    .formatted(
                                            recall.label(),
                                            evaluations.value(recall),
                                            champion.directory(),
                                            evaluations.championValue(recall, champion.model()))
                            + NOTHING_PUBLISHED
                            + "Look at the training rows of this class.");
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }

    private static UserError notMet(String message) {
        return new UserError(UserError.Kind.GATE_NOT_MET, message);
    }

    /** What is known of the new model and the champion on the test rows; computed when it is first asked for. */
    private static final class Evaluations {
        private final TrainedModel model;
        private final TestRows rows;
        private EvaluationSum sum;
        private EvaluationSum championSum;
        private PairedCounts pairs;

        Evaluations(TrainedModel model, TestRows rows) {
            this.model = model;
            this.rows = rows;
        }

        double value(Measure measure) {
            MetricValues known = model.provenance().metrics().get(Part.TEST);
            if (measure instanceof Measure.OfAllRows all && known.has(all.metric())) {
                return known.get(all.metric());
            }
            sum = sum == null ? rows.evaluate(model) : sum;
            return number(measure, measure.of(sum, model.labels()));
        }

        double championValue(Measure measure, TrainedModel champion) {
            championSum = championSum == null ? rows.evaluate(champion) : championSum;
            return number(measure, measure.of(championSum, model.labels()));
        }

        private static double number(Measure measure, OptionalDouble value) {
            return value.orElseThrow(
                    () -> notMet("The test rows have no %s, expected a number".formatted(measure.label())
                            + NOTHING_PUBLISHED
                            + "Give test rows of every class."));
        }

        PairedCounts pairs(TrainedModel champion) {
            pairs = pairs == null ? rows.compare(model, champion) : pairs;
            return pairs;
        }

        /** The pairs of rows that decide a measure; empty if it is no share of rows that are right. */
        Optional<PairedCounts> pairs(Measure measure, TrainedModel champion) {
            if (measure instanceof Measure.OfClass one) {
                return Optional.of(pairs(champion).ofClass(model.labels().indexOf(one.name())));
            }
            return measure.equals(new Measure.OfAllRows(Metric.ACCURACY))
                    ? Optional.of(pairs(champion))
                    : Optional.empty();
        }
    }
}
