package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.model.Quality;
import io.treegrad.run.Summary;
import io.treegrad.run.TextbookSystem;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a textbook system with several seeds, as {@code train --config NAME --seed N} would, and lays the accuracies
 * beside the published ones. Spark keys of {@code train} are not read: they would make it another system.
 */
final class ReproduceCommand implements CommandAction {
    private static final List<Setting> PASSED_ON =
            List.of(Setting.ENGINE, Setting.PARTITIONS, Setting.BLAS, Setting.PROGRESS);

    private final CommandAction train;

    ReproduceCommand() {
        this(new TrainCommand());
    }

    /** @param train puts {@code metrics}, {@code seconds}, {@code epochs} and {@code weightsSha256} into its summary */
    ReproduceCommand(CommandAction train) {
        this.train = train;
    }

    /** One training run; accuracies in percent. */
    private record Run(String seed, Map<Part, Double> accuracy, double seconds, Map<String, Object> facts) {}

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
        for (String seed : settings.text(Setting.SEEDS).split(",")) {
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
        if (!settings.flag(Setting.JSON)) {
            print(system, runs, means, console.out());
        }
        if (!system.isReachedBy(mean)) {
            throw new UserError(
                    UserError.Kind.GATE_NOT_MET,
                    String.format(
                            Locale.ROOT,
                            "%s reached a mean %s accuracy of %.2f %%, expected at least %.2f %%. Try more --seeds; if it"
                                    + " stays so, please report it with this table.",
                            name,
                            system.judged().label(),
                            mean,
                            system.least()));
        }
    }

    private Run trained(String name, String seed, Settings outer, Console console) throws Exception {
        Map<Setting, String> options = new EnumMap<>(Setting.class);
        PASSED_ON.forEach(setting -> options.put(setting, outer.text(setting)));
        options.put(Setting.SEED, seed);
        // apart from what is published for use
        options.put(Setting.OUTPUT, outer.text(Setting.OUTPUT) + "/reproduce/" + name);
        Settings settings = new Settings(Command.TRAIN, options, Optional.of(name), Map.of(), console.directory());
        Summary summary = new Summary();
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            train.run(
                    settings,
                    List.of(),
                    new Console(nowhere, console.err(), console.environment(), console.directory(), summary));
        }
        Map<String, Object> all = summary.succeeded();
        Map<Part, Double> accuracy = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            if (((Map<?, ?>) all.get("metrics")).get(part.label()) instanceof Quality quality) {
                accuracy.put(part, 100 * quality.accuracy());
            }
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seed", Long.parseLong(seed));
        for (String fact : List.of("seconds", "epochs", "metrics", "weightsSha256")) {
            facts.put(fact, all.get(fact));
        }
        double seconds =
                ((Map<?, ?>) all.get("seconds")).get("train") instanceof Number number ? number.doubleValue() : 0;
        return new Run(seed, accuracy, seconds, facts);
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
                "%s: the mean %s accuracy %s %.2f %%.%n",
                reached ? "Reproduced" : "Not reproduced",
                system.judged().label(),
                reached ? "is at least" : "should be at least",
                system.least());
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
        return accuracy == null ? "-" : String.format(Locale.ROOT, "%.2f %%", accuracy);
    }
}
