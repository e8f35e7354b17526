package io.treegrad.run;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.model.Json;
import io.treegrad.model.OtherSchema;
import io.treegrad.settings.OutputSettings;
import io.treegrad.storage.Lock;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.MetricValues;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What is known about a run: the content of {@code run.json} and the output of {@code --json}. Each fact is set as soon
 * as it is known, so that a run that fails late still says what it did. Unknown facts are absent. Not thread-safe.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({
    "schema",
    "status",
    "exitCode",
    "error",
    "runId",
    "arithmetic",
    "damagedCheckpoints",
    "resumedAtStep",
    "warmStart",
    "unchanged",
    "stoppedAtStep",
    "engine",
    "steps",
    "epochs",
    "rowsPerSecond",
    "seconds",
    "checkpoints",
    "weightsSha256",
    "bestEpoch",
    "metrics",
    "data",
    "dataCheck",
    "model"
})
public final class RunRecord {
    /** Name of the file. */
    public static final String FILE = "run.json";

    private static final int SCHEMA = 1;
    private static final String SUCCEEDED = "succeeded";
    private static final String STOPPED = "stopped";

    int schema = SCHEMA;
    String status;
    Integer exitCode;
    String error;

    String runId;
    /** What computed, as in {@code vector, 16 lanes}. */
    String arithmetic;

    Integer damagedCheckpoints;
    Long resumedAtStep;
    /** Digest of the initial parameters, if they come from a model. */
    String warmStart;

    /** Whether nothing was trained, since the published model is what would come out; absent if not. */
    Boolean unchanged;

    /** At which a deadline ended the training; absent if none did. */
    Long stoppedAtStep;

    String engine;
    Long steps;
    Integer epochs;
    Long rowsPerSecond;
    Seconds seconds;
    Integer checkpoints;
    String weightsSha256;
    /** The epoch that ended with the parameters. */
    Long bestEpoch;

    Map<Part, MetricValues> metrics;
    Data data;
    /** What is odd about the data; absent before it was looked at. */
    DataCheck dataCheck;

    /** The directory of the published version. */
    String model;

    /**
     * Times in seconds.
     *
     * @param total from the start of the run to the end of training
     * @param train of the steps, including their evaluations and checkpoints
     * @param checkpoints time that training waited for checkpoints
     */
    @JsonPropertyOrder({"total", "train", "checkpoints"})
    public record Seconds(double total, double train, double checkpoints) {
        /** To milliseconds. */
        public Seconds {
            total = rounded(total);
            train = rounded(train);
            checkpoints = rounded(checkpoints);
        }

        private static double rounded(double seconds) {
            return Math.round(seconds * 1e3) / 1e3;
        }
    }

    /**
     * The data that was used for training and evaluation.
     *
     * @param kind as {@link io.treegrad.model.DataProvenance#kind()}
     * @param rows number of rows of each part
     * @param sha256 of each file by its name
     */
    @JsonPropertyOrder({"kind", "rows", "sha256"})
    public record Data(String kind, Map<Part, Long> rows, Map<String, String> sha256) {}

    /** @throws UserError BAD_DATA if these bytes are not a record */
    public static RunRecord parse(byte[] bytes, String path) {
        return Json.read(bytes, SCHEMA, RunRecord.class, path);
    }

    /**
     * The record of an earlier start in a run's directory; empty if there is none, or if a crash cut it short.
     *
     * @throws UserError BAD_CONFIGURATION if another version of the program wrote it: the run may have finished
     */
    static Optional<RunRecord> earlier(RunDirectory directory) {
        String path = directory.path() + "/" + FILE;
        Optional<byte[]> bytes = directory.read(FILE);
        try {
            return bytes.map(whole -> parse(whole, path));
        } catch (UserError e) {
            OtherSchema.refuse(
                    bytes.orElseThrow(),
                    SCHEMA,
                    path,
                    "give the run another name",
                    OutputSettings.RUN_ID.name(),
                    OutputSettings.RESUME.name());
            return Optional.empty();
        }
    }

    public RunRecord succeeded() {
        status = SUCCEEDED;
        exitCode = 0;
        error = null;
        return this;
    }

    public RunRecord failed(int code, String message) {
        status = code == UserError.Kind.STOPPED.exitCode() ? STOPPED : "failed";
        exitCode = code;
        error = message;
        return this;
    }

    public boolean hasSucceeded() {
        return SUCCEEDED.equals(status);
    }

    /** Whether a signal ended it. */
    boolean isStopped() {
        return STOPPED.equals(status);
    }

    /** On one line of ASCII, without passwords; no line end. */
    byte[] toJson() {
        return Json.redactedLine(this);
    }

    /** Writes {@code run.json}. */
    void write(RunDirectory directory, Lock lock) {
        byte[] line = (new String(toJson(), StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII);
        Failpoint.reach("before-run-json", 0);
        directory.write(lock, FILE, out -> out.write(line));
        Failpoint.reach("after-run-json", 0);
    }

    public String runId() {
        return runId;
    }

    /** The directory of the published version; null if there is none. */
    public String model() {
        return model;
    }

    /** What failed; null after success. */
    public String error() {
        return error;
    }

    public String weightsSha256() {
        return weightsSha256;
    }

    /** Updates made, including those before a resume. */
    public long steps() {
        return steps;
    }

    /** Finished epochs. */
    public int epochs() {
        return epochs;
    }

    /** The epoch that ended with the published parameters. */
    public OptionalLong bestEpoch() {
        return bestEpoch == null ? OptionalLong.empty() : OptionalLong.of(bestEpoch);
    }

    /** Null before training has ended. */
    public Seconds seconds() {
        return seconds;
    }

    public OptionalDouble trainSeconds() {
        return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds.train());
    }

    /** Of the final parameters on each part that was measured. */
    public Map<Part, MetricValues> metrics() {
        return metrics == null ? Map.of() : metrics;
    }
}
