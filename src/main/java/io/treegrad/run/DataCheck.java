package io.treegrad.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import io.treegrad.data.DataReading;
import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.Part;
import io.treegrad.data.RowCounts;
import io.treegrad.data.RowSource;
import io.treegrad.data.TrainAndTest;
import io.treegrad.model.DataDrift;
import io.treegrad.model.DataProfile;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.DataSurvey;
import io.treegrad.spark.DistributedRows;
import io.treegrad.storage.OutputDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What is odd about a data set, by itself and beside the training rows of the published model; a part of {@code run.json}.
 *
 * @param comparedWith directory of the published model; null if there is none whose data can be compared
 * @param classes one for each class of this data, and of the published model's that has no rows any more; empty if this data
 *     has too many to list
 * @param labelDrift of the shares of the classes, and {@code featureDrift} of the worst block of features; null if nothing
 *     was compared
 * @param drift the largest of all
 * @param mostDrifted what that belongs to
 * @param constantFeatures how many have the same value in all training rows that were looked at
 * @param duplicates test rows whose values some training row has too
 * @param testRows how many test rows were looked for
 * @param findings sentences; empty if nothing is odd
 */
@JsonPropertyOrder({
    "comparedWith",
    "drift",
    "mostDrifted",
    "labelDrift",
    "featureDrift",
    "constantFeatures",
    "testRows",
    "duplicates",
    "classes",
    "findings"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataCheck(
        String comparedWith,
        Double drift,
        String mostDrifted,
        Double labelDrift,
        Double featureDrift,
        int constantFeatures,
        long testRows,
        long duplicates,
        List<ClassRows> classes,
        List<String> findings,
        @JsonIgnore DataProfile profile,
        @JsonIgnore List<String> differences) {
    private static final int MOST_LISTED = 64;

    /** By convention a large shift of a distribution. */
    private static final double LARGE_DRIFT = 0.25;

    /**
     * The training rows of a class.
     *
     * @param share of all training rows, and {@code before} its share in the data of the published model
     * @param drift of its values
     */
    @JsonPropertyOrder({"label", "rows", "share", "before", "drift"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ClassRows(String label, long rows, double share, Double before, Double drift) {}

    /** The profile of the published model's data, and the names of its classes. */
    record Published(String directory, DataProfile profile, List<String> labels) {
        static Optional<Published> of(OutputDirectory.Published published) {
            TrainedModel model = published.model();
            return Optional.ofNullable(model.provenance().data().profile())
                    .map(profile -> new Published(published.directory(), profile, named(model.labels())));
        }

        /** Of a class among the rows; null if the model does not know it. */
        Double share(String label) {
            int at = labels.indexOf(label);
            return at < 0 ? null : rounded((double) profile.rowsOfClass().get(at) / profile.rows());
        }
    }

    /**
     * Loads the rows of the data, and sees of them what has to be known.
     *
     * @param rows of the data on executors whose slots are free
     */
    public static DataSurvey survey(DataSet data, DistributedRows rows) {
        RowSource source = data.trainSource();
        return DataSurvey.load(rows, source.shape(), named(source.classNames()).size());
    }

    /**
     * Looks at the classes of all rows, and at the values of some training rows.
     *
     * @param published the model to compare with
     */
    public static DataCheck of(DataSet data, DataSurvey survey, Optional<OutputDirectory.Published> published) {
        Optional<Published> before = published
                .flatMap(Published::of)
                .filter(found ->
                        found.profile.shape().features() == data.trainSource().features());
        List<String> labels = named(data.trainSource().classNames());
        CompletableFuture<Long> repeated =
                CompletableFuture.supplyAsync(survey::duplicates); // while values are counted
        RowCounts counts = survey.counts(before.map(found -> found.profile.reference()));
        long[] trained = survey.rowsOfClass(Part.TRAIN);
        DataProfile profile = DataProfile.of(counts, trained);
        Optional<DataDrift> drift = before.map(found -> DataDrift.between(
                found.profile, found.labels, DataProfile.likeReference(counts, trained), labels, counts.outside()));
        List<String> findings = new ArrayList<>();
        TrainAndTest sources = new TrainAndTest(data.trainSource(), data.testSource());
        boolean classifies = data.trainSource().classes() > 0;
        if (classifies) {
            findings.addAll(sources.warnings(trained));
        }
        if (classifies && data.split().validation().size() > 0) {
            sources.splitWarning(trained, survey.rowsOfClass(Part.VALIDATION)).ifPresent(findings::add);
        }
        List<String> names =
                data.trainSource().reading().map(DataReading::features).orElse(List.of());
        LostDigits.sentence(profile, names).ifPresent(findings::add);
        long duplicates = repeated.join();
        if (duplicates > 0) {
            findings.add("%,d of %,d test rows are also among the training rows: metrics of the test rows are too good."
                    .formatted(duplicates, survey.comparedTestRows()));
        }
        FeatureBlocks blocks =
                before.map(found -> new FeatureBlocks(found.profile.shape())).orElse(null);
        drift.ifPresent(found -> {
            findings.addAll(found.differences());
            if (found.largest() > LARGE_DRIFT) {
                findings.add(
                        "The data is not like that of the published %s: the drift of %s is %.3f, expected at most %s."
                                .formatted(
                                        before.orElseThrow().directory,
                                        found.mostDrifted(blocks),
                                        found.largest(),
                                        LARGE_DRIFT));
            }
        });
        return new DataCheck(
                before.map(Published::directory).orElse(null),
                drift.map(found -> rounded(found.largest())).orElse(null),
                drift.map(found -> found.mostDrifted(blocks)).orElse(null),
                drift.map(found -> rounded(found.ofLabels())).orElse(null),
                drift.map(found -> rounded(found.ofBlock().stream()
                                .mapToDouble(Double::doubleValue)
                                .max()
                                .orElse(0)))
                        .orElse(null),
                constant(profile),
                survey.comparedTestRows(),
                duplicates,
                classes(labels, profile, before, drift),
                findings,
                profile,
                drift.map(DataDrift::differences).orElse(List.of()));
    }

    /** Rows with numbers to predict are one class here. */
    private static List<String> named(List<String> labels) {
        return labels.isEmpty() ? List.of("all rows") : labels;
    }

    private static int constant(DataProfile profile) {
        return (int) IntStream.range(0, profile.shape().features())
                .filter(profile::isConstant)
                .count();
    }

    private static List<ClassRows> classes(
            List<String> labels, DataProfile now, Optional<Published> before, Optional<DataDrift> drift) {
        List<ClassRows> classes = new ArrayList<>();
        for (int label = 0; label < labels.size() && labels.size() <= MOST_LISTED; label++) {
            String name = labels.get(label);
            long rows = now.rowsOfClass().get(label);
            classes.add(new ClassRows(
                    name,
                    rows,
                    rounded((double) rows / now.rows()),
                    before.map(found -> found.share(name)).orElse(null),
                    drift.map(found -> found.ofClass().get(name))
                            .map(DataCheck::rounded)
                            .orElse(null)));
        }
        if (!classes.isEmpty()) {
            before.ifPresent(found -> found.labels.stream()
                    .filter(name -> !labels.contains(name))
                    .forEach(name -> classes.add(new ClassRows(name, 0, 0, found.share(name), null))));
        }
        return classes;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    /**
     * Refuses data that the settings do not allow.
     *
     * @throws UserError BAD_DATA for too many duplicates; GATE_NOT_MET for data that is not like that of the published
     *     model
     */
    public void requireAccepted(Settings settings) {
        Optional<Double> mostDuplicates = settings.get(DataSettings.MAX_DUPLICATES);
        if (mostDuplicates.isPresent() && duplicates > mostDuplicates.get() * testRows) {
            throw new UserError(
                            UserError.Kind.BAD_DATA,
                            "%,d of %,d test rows are also among the training rows, expected at most a share of %s. Nothing was trained. Remove them from one of the two."
                                    .formatted(duplicates, testRows, mostDuplicates.get()))
                    .fixedBy(DataSettings.MAX_DUPLICATES.name());
        }
        Optional<Double> mostDrift = settings.get(DataSettings.MAX_DRIFT);
        if (mostDrift.isEmpty() || drift == null) {
            return;
        }
        if (drift > mostDrift.get() || !differences.isEmpty()) {
            List<String> how = new ArrayList<>(differences);
            if (drift > mostDrift.get()) {
                how.add("The drift of %s is %.3f, expected at most %s.".formatted(mostDrifted, drift, mostDrift.get()));
            }
            String advice = settings.command() == Command.CHECK_DATA
                    ? "If it is right, allow the drift once."
                    : "Look at the data with check-data; if it is right, allow the drift once.";
            throw notAlike(String.join(" ", how), advice);
        }
    }

    private UserError notAlike(String how, String advice) {
        return new UserError(
                        UserError.Kind.GATE_NOT_MET,
                        "The data is not like that of the published %s: %s Nothing was trained, what was published before is unchanged. %s"
                                .formatted(comparedWith, how, advice))
                .fixedBy(DataSettings.MAX_DRIFT.name());
    }
}
