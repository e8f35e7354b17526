package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.PublishedVersions;
import io.treegrad.storage.PublishedVersions.Version;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Lists, compares and removes published versions, and says which is the champion. Starts no executors. */
final class ModelsCommand implements CommandAction {
    private static final int SHORT_DIGEST = 16;
    private static final int NAME_WIDTH = 25;
    /** Of state and name in the list. */
    private static final int LIST_WIDTH = 46;

    /** What can be done, and how many versions it takes. */
    private enum Action {
        LIST(0),
        SHOW(1),
        COMPARE(2),
        PROMOTE(1),
        ROLLBACK(0),
        PIN(1),
        UNPIN(1),
        PRUNE(0);

        private final int versions;

        Action(int versions) {
            this.versions = versions;
        }

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public void run(Settings settings, List<String> words, Console console) {
        Action action = words.isEmpty() ? Action.LIST : action(words.get(0));
        List<String> names = words.subList(Math.min(1, words.size()), words.size());
        if (names.size() != action.versions) {
            throw new UserError(
                    UserError.Kind.USAGE,
                    "models %s takes %d version%s, found %d. See models --help."
                            .formatted(action.title(), action.versions, action.versions == 1 ? "" : "s", names.size()));
        }
        String root = settings.get(OutputSettings.DIRECTORY);
        PublishedVersions versions = new PublishedVersions(Cluster.submissionStorage(), root);
        PrintStream out = settings.get(OutputSettings.JSON)
                ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)
                : console.out();
        switch (action) {
            case LIST -> {
                List<Version> all = versions.list();
                if (all.isEmpty()) {
                    console.err().println(root + ": no version is published yet.");
                }
                list(all, console.summary(), out);
            }
            case SHOW, COMPARE -> compare(names.stream().map(versions::find).toList(), console.summary(), out);
            case PRUNE -> prune(settings, root);
            case PROMOTE, ROLLBACK, PIN, UNPIN -> change(action, versions, names, root, console.summary(), out);
        }
        if (action == Action.PRUNE) {
            list(versions.list(), console.summary(), out);
        }
        out.flush();
    }

    private static Action action(String word) {
        List<String> titles = Arrays.stream(Action.values()).map(Action::title).toList();
        return Arrays.stream(Action.values())
                .filter(action -> action.title().equals(word))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        UserError.Kind.USAGE,
                        "models has no action " + Printable.quoted(word) + ", expected one of "
                                + String.join(", ", titles) + "." + Suggestion.sentence(word, titles)));
    }

    private static void list(Collection<Version> versions, Summary summary, PrintStream out) {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Version version : versions) {
            facts.add(facts(version));
            String state = String.join(", ", version.aliases());
            String digest = version.model()
                    .map(model -> model.weightsSha256().substring(0, SHORT_DIGEST))
                    .orElse("damaged");
            String metric = version.model()
                    .map(ModelsCommand::test)
                    .map(test -> test.text(test.leading()))
                    .orElse("");
            String line = "%-9s %s".formatted(version.aliases().contains("champion") ? "champion" : "", version.name());
            if (line.length() > LIST_WIDTH) {
                out.println(line);
                line = "";
            }
            out.println(("%-" + LIST_WIDTH + "s %-16s %9s")
                    .formatted(line, digest, metric)
                    .stripTrailing());
            String others = state.replaceFirst("^champion(, )?", "");
            if (!others.isEmpty()) {
                out.printf("%-9s %s%n", "", others);
            }
        }
        summary.put("versions", facts);
    }

    private static Map<String, Object> facts(Version version) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", version.name());
        facts.put("aliases", version.aliases());
        version.model().ifPresent(model -> {
            facts.put("network", model.network().toString());
            facts.put("weightsSha256", model.weightsSha256());
            facts.put("started", model.provenance().started());
            facts.put("data", model.provenance().data());
            facts.put("metrics", model.provenance().metrics());
        });
        if (!version.problem().isEmpty()) {
            facts.put("problem", version.problem());
        }
        return facts;
    }

    /** A column for each version. */
    private static void compare(List<Version> versions, Summary summary, PrintStream out) {
        summary.put("versions", versions.stream().map(ModelsCommand::facts).toList());
        List<TrainedModel> models =
                versions.stream().map(version -> version.model().orElseThrow()).toList();
        row(out, "version", versions.stream().map(Version::name).toList());
        row(
                out,
                "aliases",
                versions.stream().map(one -> String.join(", ", one.aliases())).toList());
        row(
                out,
                "weights",
                models.stream()
                        .map(one -> one.weightsSha256().substring(0, SHORT_DIGEST))
                        .toList());
        row(out, "network", models.stream().map(one -> one.network().toString()).toList());
        row(
                out,
                "started",
                models.stream().map(one -> one.provenance().started()).toList());
        row(
                out,
                "data",
                models.stream().map(one -> one.provenance().data().kind()).toList());
        TreeSet<Metric> metrics = new TreeSet<>();
        models.stream()
                .map(ModelsCommand::test)
                .filter(test -> test != null)
                .forEach(test -> metrics.addAll(test.metrics()));
        for (Metric metric : metrics) {
            row(
                    out,
                    "test " + metric.label(),
                    models.stream()
                            .map(one -> test(one) == null ? "" : test(one).text(metric))
                            .toList());
        }
        TreeSet<String> settings = new TreeSet<>();
        models.forEach(one -> settings.addAll(one.provenance().settings().keySet()));
        for (String name : settings) {
            List<String> values = models.stream()
                    .map(one -> one.provenance().settings().getOrDefault(name, ""))
                    .toList();
            if (values.size() > 1 && values.stream().distinct().count() > 1) {
                row(out, name, values);
            }
        }
        boolean sameData = models.stream()
                        .map(one -> one.provenance().data().sha256())
                        .distinct()
                        .count()
                <= 1;
        if (!sameData) {
            out.println("The data differs, so the metrics are of different rows: evaluate both on the same ones.");
        }
    }

    /**
     * Values side by side in 80 columns. One that reaches into the next stays whole, as it may be copied: those behind it
     * stand on a line of their own.
     */
    private static void row(PrintStream out, String name, List<String> values) {
        int width = (WrappedText.COLUMNS - NAME_WIDTH) / values.size();
        StringBuilder line = new StringBuilder(name);
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            int start = Math.max(NAME_WIDTH, Math.min(NAME_WIDTH + i * width, WrappedText.COLUMNS - value.length()));
            if (line.length() >= start) { // no blank would stand between
                out.println(line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(" ".repeat(start - line.length())).append(value);
        }
        out.println(line.toString().stripTrailing());
    }

    private static MetricValues test(TrainedModel model) {
        return model.provenance().metrics().get(Part.TEST);
    }

    private static void change(
            Action action,
            PublishedVersions versions,
            List<String> names,
            String root,
            Summary summary,
            PrintStream out) {
        try (Lock lock =
                new OutputDirectory(Cluster.submissionStorage(), root).lockForPublishing("models " + action.title())) {
            // the version is looked for only now: a run that publishes may have removed it while this waited
            Version version =
                    switch (action) {
                        case PROMOTE -> {
                            Version promoted = versions.find(names.get(0));
                            versions.promote(lock, promoted).ifPresent(before -> summary.put("before", before));
                            yield promoted;
                        }
                        case ROLLBACK -> versions.rollback(lock);
                        case PIN -> {
                            Version pinned = versions.find(names.get(0));
                            versions.pin(lock, pinned);
                            yield pinned;
                        }
                        case UNPIN -> versions.unpin(lock, names.get(0));
                        case LIST, SHOW, COMPARE, PRUNE -> throw new IllegalStateException(action + " changes nothing");
                    };
            summary.put("version", version.name());
            version.model().ifPresent(model -> summary.put("weightsSha256", model.weightsSha256()));
            out.println(version.name());
        }
    }

    private static void prune(Settings settings, String root) {
        Optional<Integer> keep = settings.get(OutputSettings.KEEP_VERSIONS);
        Optional<Integer> keepRuns = settings.get(CommandSettings.KEEP_RUNS);
        Optional<Duration> age = settings.get(CommandSettings.OLDER_THAN);
        if (keep.isEmpty() && keepRuns.isEmpty() && age.isEmpty()) {
            throw new UserError(
                            UserError.Kind.USAGE,
                            "models prune does not know what may go, expected a number of versions or runs to keep, an age, or both.")
                    .fixedBy(
                            OutputSettings.KEEP_VERSIONS.name(),
                            CommandSettings.KEEP_RUNS.name(),
                            CommandSettings.OLDER_THAN.name());
        }
        Instant before = age.map(Instant.now()::minus).orElse(Instant.MAX);
        OutputDirectory output = new OutputDirectory(Cluster.submissionStorage(), root);
        try (Lock lock = output.lockForPublishing("models prune")) {
            if (keep.isPresent() || keepRuns.isEmpty()) {
                output.keepVersions(lock, keep.orElse(0), before);
            }
            keepRuns.ifPresent(runs -> output.keepRuns(lock, runs, before));
        }
    }
}
