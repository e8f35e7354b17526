package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.run.ExpectedDigests;
import io.treegrad.run.RunRecord;
import io.treegrad.run.TextbookSystem;
import io.treegrad.run.TrainingJob;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.training.Metric;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a textbook system with several seeds, as {@code train --config NAME --seed N} would, and compares the
 * accuracies with the published ones. Spark keys of {@code train} are ignored, since they would change the system.
 */
final class ReproduceCommand implements CommandAction {
    private static final List<Setting<?>> PASSED_ON =
            List.of(ClusterSettings.ENGINE, ClusterSettings.PARTITIONS, OutputSettings.PROGRESS);

    /** Trains once with these settings of {@code train}. */
    interface Training {
        RunRecord train(Settings settings, Console console) throws Exception;
    }

    private final Training training;

    ReproduceCommand() {
        this((settings, console) -> new TrainingJob(settings, console.forRun(), ProgressDisplay.of(settings, console))
                .run(published -> {})
                .record());
    }

    /** @param training whose record has metrics, seconds, epochs and the digest of the weights */
    ReproduceCommand(Training training) {
        this.training = training;
    }

    /**
     * One training run.
     *
     * @param accuracy of each part, in percent
     * @param digest whether its weights have the expected digest, in words
     */
    private record Run(
            long seed, Map<Part, Double> accuracy, double seconds, String digest, Map<String, Object> facts) {}

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        String name = paths.get(0);
        TextbookSystem system = TextbookSystem.ALL.stream()
                .filter(candidate -> candidate.preset().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        UserError.Kind.USAGE,
                        "Unknown system " + Printable.quoted(name) + "."
                                + Suggestion.sentence(name, TextbookSystem.presets()) + " Systems: "
                                + String.join(", ", TextbookSystem.presets()) + "."));
        List<Run> runs = new ArrayList<>();
        for (long seed : settings.get(CommandSettings.SEEDS)) {
            console.err().println("Training " + name + " with seed " + seed + ".");
            runs.add(trained(name, seed, settings, console));
        }
        Map<Part, Double> means = means(runs);
        double mean = means.get(system.judged());
        console.summary()
                .put("preset", name)
                .put("runs", runs.stream().map(Run::facts).toList())
                .put("meanAccuracy", percentages(means))
                .put("reference", percentages(figures(system.reference())))
                .put("published", percentages(figures(system.published())))
                .put("least", Map.of(system.judged().label(), system.least()))
                .put("reproduced", system.isReachedBy(mean));
        if (!settings.get(OutputSettings.JSON)) {
            print(system, runs, means, console.out());
        }
        if (!system.isReachedBy(mean)) {
            throw new UserError(
                    UserError.Kind.GATE_NOT_MET,
                    String.format(
                            Locale.ROOT,
                            "%s reached a mean %s accuracy of %s, expected at least %s. Try more --seeds; if the"
                                    + " mean stays below, please report it with this table.",
                            name,
                            system.judged().label(),
                            percent(mean),
                            percent(system.least())));
        }
    }

    private Run trained(String name, long seed, Settings outer, Console console) throws Exception {
        Map<Setting<?>, String> options = new LinkedHashMap<>();
        PASSED_ON.forEach(setting -> options.put(setting, outer.value(setting).text()));
        options.put(TrainingSettings.SEED, Long.toString(seed));
        // a system that was reproduced before is trained again: its figures are asked for
        options.put(OutputSettings.ALWAYS, "true");
        // separate from models that are published for use
        options.put(OutputSettings.DIRECTORY, outer.get(OutputSettings.DIRECTORY) + "/reproduce/" + name);
        Settings settings =
                SettingsResolver.resolve(Command.TRAIN, options, Optional.of(name), Map.of(), console.directory());
        RunRecord record = training.train(settings, console);
        Map<Part, Double> accuracy = new EnumMap<>(Part.class);
        record.metrics().forEach((part, values) -> accuracy.put(part, 100 * values.get(Metric.ACCURACY)));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seed", seed);
        facts.put("seconds", record.seconds());
        facts.put("epochs", record.epochs());
        facts.put("metrics", record.metrics());
        facts.put("weightsSha256", record.weightsSha256());
        String digest = digest(name, seed, record.weightsSha256());
        facts.put("digest", digest);
        return new Run(seed, accuracy, record.seconds().train(), digest, facts);
    }

    /** Whether a run on the official files ended in the bits that every machine must reach. */
    private static String digest(String preset, long seed, String weightsSha256) {
        return ExpectedDigests.of(preset, seed)
                .map(expected -> expected.equals(weightsSha256) ? "as expected" : "different")
                .orElse("not recorded");
    }

    private static Map<Part, Double> means(List<Run> runs) {
        Map<Part, Double> means = new EnumMap<>(Part.class);
        for (Part part : runs.get(0).accuracy().keySet()) {
            means.put(
                    part,
                    runs.stream()
                            .mapToDouble(run -> run.accuracy().get(part))
                            .average()
                            .orElseThrow());
        }
        return means;
    }

    private static Map<Part, Double> figures(TextbookSystem.Figures figures) {
        Map<Part, Double> known = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            figures.of(part).ifPresent(figure -> known.put(part, figure));
        }
        return known;
    }

    private static Map<String, Double> percentages(Map<Part, Double> accuracies) {
        Map<String, Double> named = new LinkedHashMap<>();
        accuracies.forEach((part, accuracy) -> named.put(part.label(), Math.round(accuracy * 1000) / 1000.0));
        return named;
    }

    private static void print(TextbookSystem system, List<Run> runs, Map<Part, Double> means, PrintStream out) {
        out.printf("%-26s %10s %12s %10s %10s%n", system.preset(), "train", "validation", "test", "seconds");
        for (Run run : runs) {
            line(out, "seed " + run.seed(), run.accuracy(), String.format(Locale.ROOT, "%.1f", run.seconds()));
        }
        double seconds = runs.stream().mapToDouble(Run::seconds).average().orElseThrow();
        line(out, "mean", means, String.format(Locale.ROOT, "%.1f", seconds));
        line(out, "NumPy reference", figures(system.reference()), "");
        line(out, "published", figures(system.published()), "");
        boolean reached = system.isReachedBy(means.get(system.judged()));
        out.printf(
                Locale.ROOT,
                "%s: the mean %s accuracy %s %s.%n",
                reached ? "Reproduced" : "Not reproduced",
                system.judged().label(),
                reached ? "is at least" : "should be at least",
                percent(system.least()));
        for (Run run : runs) {
            out.printf(
                    "Digest of seed %d: %s (%s)%n",
                    run.seed(), run.digest(), run.facts().get("weightsSha256"));
        }
        out.flush();
    }

    private static void line(PrintStream out, String title, Map<Part, Double> accuracies, String seconds) {
        out.printf(
                "%-26s %10s %12s %10s %10s%n",
                title,
                percent(accuracies.get(Part.TRAIN)),
                percent(accuracies.get(Part.VALIDATION)),
                percent(accuracies.get(Part.TEST)),
                seconds);
    }

    private static String percent(Double accuracy) {
        return accuracy == null ? "-" : Metric.ACCURACY.text(accuracy / 100);
    }
}
