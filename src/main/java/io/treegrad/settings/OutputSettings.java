package io.treegrad.settings;

import static io.treegrad.settings.Command.BENCH;
import static io.treegrad.settings.Command.CHECK_DATA;
import static io.treegrad.settings.Command.CHECK_GRADIENT;
import static io.treegrad.settings.Command.COMPLETION;
import static io.treegrad.settings.Command.EVALUATE;
import static io.treegrad.settings.Command.EXPORT;
import static io.treegrad.settings.Command.FETCH_DATA;
import static io.treegrad.settings.Command.INSPECT;
import static io.treegrad.settings.Command.MODELS;
import static io.treegrad.settings.Command.PLAN;
import static io.treegrad.settings.Command.PREDICT;
import static io.treegrad.settings.Command.REPORT;
import static io.treegrad.settings.Command.REPRODUCE;
import static io.treegrad.settings.Command.SWEEP;
import static io.treegrad.settings.Setting.Effect.KEEPS_RESULT;
import static io.treegrad.settings.SettingGroup.OUTPUT;

import io.treegrad.training.CheckpointCadence;
import io.treegrad.training.Gate;
import io.treegrad.training.Measure;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a run writes, may publish and shows. Of these settings only a deadline changes the model. */
public final class OutputSettings {
    private static final int MOST_KEPT = 1_000_000;

    public static final Setting<String> DIRECTORY = Setting.ofTrain(
            "output",
            OUTPUT,
            "DIR",
            "Where runs and published versions go",
            ValueParser.text("a directory", "output"),
            KEEPS_RESULT,
            CHECK_DATA,
            MODELS,
            REPRODUCE,
            SWEEP);

    public static final Setting<Optional<String>> RUN_ID = Setting.ofTrain(
            "run-id",
            OUTPUT,
            "ID",
            "Name of this run; or auto",
            new ValueParser<>(
                            "1 to 64 letters, digits, points, hyphens and underscores, the first a letter or digit; no "
                                    + "word such as none, never or all",
                            "nightly-1",
                            ResumeChoice::parseRunId)
                    .orNothing("auto"),
            KEEPS_RESULT,
            SWEEP);

    /** Empty for no checkpoints. */
    public static final Setting<Optional<CheckpointCadence>> CHECKPOINT_EVERY = Setting.ofTrain(
            "checkpoint-every",
            OUTPUT,
            "FORM",
            "Save every 1e (epochs), 100s (steps) or 5m (minutes), and at the end; or none",
            new ValueParser<>(
                            "a whole number followed by e for epochs, s for steps or m for minutes",
                            "5m",
                            CheckpointCadence::parse)
                    .orNothing("none"),
            KEEPS_RESULT);

    public static final Setting<Integer> KEEP = Setting.ofTrain(
            "keep",
            OUTPUT,
            "N",
            "Keep the last N checkpoints of a run, and its best",
            ValueParser.whole(1, MOST_KEPT),
            KEEPS_RESULT);

    public static final Setting<ResumeChoice> RESUME = Setting.ofTrain(
            "resume",
            OUTPUT,
            "WHAT",
            "auto: continue --run-id if it was started; never: start again; or a run's ID",
            new ValueParser<>("auto, never or the ID of a run", "nightly-1", ResumeChoice::parse),
            KEEPS_RESULT);

    public static final Setting<Boolean> ALLOW_DATA_CHANGE = Setting.ofTrain(
            "allow-data-change",
            OUTPUT,
            "",
            "Continue even if data files have changed",
            ValueParser.flag(),
            KEEPS_RESULT);

    public static final Setting<Boolean> ALWAYS = Setting.ofTrain(
            "always",
            OUTPUT,
            "",
            "Train even if the published model would come out again",
            ValueParser.flag(),
            KEEPS_RESULT);

    /** Empty for none. */
    public static final Setting<Optional<Duration>> DEADLINE = Setting.ofTrain(
            "deadline",
            OUTPUT,
            "TIME",
            "Train no longer than this after the start, as in 45m, and publish what is best then; or none",
            ValueParser.duration("45m").orNothing("none"),
            KEEPS_RESULT);

    /** Empty for all. */
    public static final Setting<Optional<Integer>> KEEP_VERSIONS = Setting.ofTrain(
            "keep-versions",
            OUTPUT,
            "N",
            "Keep the last N published versions; or all",
            ValueParser.whole(1, MOST_KEPT).orNothing("all"),
            KEEPS_RESULT,
            MODELS);

    public static final Setting<Optional<Double>> MAX_REGRESSION = Setting.ofTrain(
            "max-regression",
            OUTPUT,
            "F",
            "Do not publish if test accuracy is more than F below the published model's; or none",
            ValueParser.number("a number from 0 to 1", "0.005", number -> number >= 0 && number <= 1)
                    .orNothing("none"),
            KEEPS_RESULT);

    public static final Setting<Optional<Double>> MIN_ACCURACY = Setting.ofTrain(
            "min-accuracy",
            OUTPUT,
            "F",
            "Do not publish below this test accuracy, but exit with 80; or none",
            TrainingSettings.ACCURACY.orNothing("none"),
            KEEPS_RESULT);

    public static final Setting<List<Gate>> GATES = Setting.ofTrain(
            "gate",
            OUTPUT,
            "GATE,...",
            "Publish only if the test rows meet each: accuracy>=0.97, recall:7>=0.9, log-loss<=0.1, or compared with the"
                    + " published model champion:accuracy-0.002; or none",
            ValueParser.listOf(
                            new ValueParser<>("a gate", "accuracy>=0.97", Gate::parse),
                            100,
                            "gates separated by commas, such as accuracy>=0.97, log-loss<=0.1 or"
                                    + " champion:accuracy-0.002, of " + Measure.names(),
                            "accuracy>=0.97,champion:accuracy-0.002")
                    .or("none", List.of()),
            KEEPS_RESULT);

    public static final Setting<PublishAs> PUBLISH_AS = Setting.ofTrain(
            "publish-as",
            OUTPUT,
            "NAME",
            "%s: what the new model becomes if the gates let it pass",
            ValueParser.oneOf(PublishAs.class),
            KEEPS_RESULT);

    /** Empty for nobody. */
    public static final Setting<Optional<URI>> NOTIFY = Setting.ofTrain(
            "notify",
            OUTPUT,
            Setting.HOOK,
            "Post run.json to this address at the end; or none",
            new ValueParser<>(
                            "an address http://HOST/PATH or https://HOST/PATH, where HOST has no underscore",
                            "https://hooks.example.org/treegrad",
                            OutputSettings::httpAddress)
                    .orNothing("none"),
            KEEPS_RESULT);

    public static final Setting<ProgressMode> PROGRESS = Setting.ofTrain(
            "progress",
            OUTPUT,
            "NAME",
            "%s",
            ValueParser.oneOf(ProgressMode.class),
            KEEPS_RESULT,
            EVALUATE,
            PREDICT,
            REPRODUCE);

    public static final Setting<Boolean> JSON = Setting.ofTrain(
            "json",
            OUTPUT,
            "",
            "The last line of standard output is the summary",
            ValueParser.flag(),
            KEEPS_RESULT,
            EVALUATE,
            PREDICT,
            EXPORT,
            MODELS,
            INSPECT,
            COMPLETION,
            FETCH_DATA,
            BENCH,
            PLAN,
            SWEEP,
            REPRODUCE,
            REPORT,
            CHECK_DATA,
            CHECK_GRADIENT);

    public static final Setting<Boolean> REPORT_PAGE = Setting.ofTrain(
            "report", OUTPUT, "BOOL", "%s: write report/index.html of the run", ValueParser.flag(), KEEPS_RESULT);

    static final List<Setting<?>> ALL = List.of(
            DIRECTORY,
            RUN_ID,
            CHECKPOINT_EVERY,
            KEEP,
            RESUME,
            ALLOW_DATA_CHANGE,
            ALWAYS,
            DEADLINE,
            KEEP_VERSIONS,
            MAX_REGRESSION,
            MIN_ACCURACY,
            GATES,
            PUBLISH_AS,
            NOTIFY,
            PROGRESS,
            JSON,
            REPORT_PAGE);

    private static Optional<URI> httpAddress(String text) {
        try {
            URI address = new URI(text);
            boolean isHttp = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            return isHttp && address.getHost() != null ? Optional.of(address) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private OutputSettings() {}
}
