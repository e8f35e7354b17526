package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.data.Part;
import io.treegrad.network.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How a run ended, for the program that started it: {@code run.json}, and with {@code --json} the last line of standard
 * output. What a run that failed never came to know is null here and absent there.
 *
 * @param schema version of this record, 1
 * @param status whether the run reached its end
 * @param exitCode of the process; 0 if and only if the run succeeded, 143 if and only if it was stopped
 * @param runId null if the run failed before it had one
 * @param weightsSha256 {@link WeightsDigest} of the final parameters
 * @param steps SGD steps since the first, those before a resume included
 * @param epochs epochs since the first, begun ones not included
 * @param engine {@code tree} or {@code resident}
 * @param blas implementation and version
 * @param rowsPerSecond training rows a second over the steps of this process; null if it made none
 * @param seconds what this process took
 * @param metrics of the final parameters on each part that was measured; empty if none was
 * @param data what the run was trained and measured on
 * @param model path of the published version; null if nothing was published
 * @param error what the user was told; null if the run succeeded
 */
@JsonPropertyOrder({
    "schema",
    "status",
    "exitCode",
    "runId",
    "weightsSha256",
    "steps",
    "epochs",
    "engine",
    "blas",
    "rowsPerSecond",
    "seconds",
    "metrics",
    "data",
    "model",
    "error"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunSummary(
        int schema,
        Status status,
        int exitCode,
        String runId,
        String weightsSha256,
        Long steps,
        Long epochs,
        String engine,
        String blas,
        Double rowsPerSecond,
        Seconds seconds,
        Map<Part, Quality> metrics,
        DataProvenance data,
        String model,
        String error) {
    /** Version of this record. */
    public static final int SCHEMA = 1;

    private static final int STOPPED_BY_SIGTERM = 143;

    /** How a run ended. */
    public enum Status {
        @JsonProperty("succeeded")
        SUCCEEDED,
        /** Ended by an error, or by a quality gate that was not met. */
        @JsonProperty("failed")
        FAILED,
        /** Ended by SIGTERM after a checkpoint; the same run can be resumed. */
        @JsonProperty("stopped")
        STOPPED;

        static Status of(int exitCode) {
            return switch (exitCode) {
                case 0 -> SUCCEEDED;
                case STOPPED_BY_SIGTERM -> STOPPED;
                default -> FAILED;
            };
        }
    }

    /**
     * @param total from the start of the process, in seconds
     * @param train in steps and their evaluations, in seconds
     */
    @JsonPropertyOrder({"total", "train"})
    public record Seconds(double total, double train) {
        public Seconds {
            Require.notNegative(total, "total");
            Require.notNegative(train, "train");
        }
    }

    public RunSummary {
        if (schema != SCHEMA) {
            throw new IllegalArgumentException("schema is " + schema + ", expected " + SCHEMA);
        }
        if (status != Status.of(exitCode)) {
            throw new IllegalArgumentException(
                    "status is " + status + " with exitCode " + exitCode + ", expected " + Status.of(exitCode));
        }
        metrics = Require.sorted(metrics, "metrics");
        if (weightsSha256 != null) {
            Require.sha256(weightsSha256, "weightsSha256");
        }
        if (rowsPerSecond != null) {
            Require.notNegative(rowsPerSecond, "rowsPerSecond");
        }
        if (status == Status.SUCCEEDED) {
            Require.text(runId, "runId");
            Require.present(weightsSha256, "weightsSha256");
            Require.present(steps, "steps");
            Require.present(epochs, "epochs");
            Require.text(engine, "engine");
            Require.text(blas, "blas");
            Require.present(seconds, "seconds");
            Require.present(data, "data");
            Require.text(model, "model");
            if (error != null) {
                throw new IllegalArgumentException("error is \"" + error + "\" in a run that succeeded, expected none");
            }
        } else {
            Require.text(error, "error");
        }
    }

    /** A run that reached its end and published its model. */
    public static RunSummary succeeded(
            String runId,
            String weightsSha256,
            long steps,
            long epochs,
            String engine,
            String blas,
            Double rowsPerSecond,
            Seconds seconds,
            Map<Part, Quality> metrics,
            DataProvenance data,
            String model) {
        return new RunSummary(
                SCHEMA,
                Status.SUCCEEDED,
                0,
                runId,
                weightsSha256,
                steps,
                epochs,
                engine,
                blas,
                rowsPerSecond,
                seconds,
                metrics,
                data,
                model,
                null);
    }

    /**
     * A run that ended before it began to train.
     *
     * @param exitCode neither 0 nor 143
     * @param runId null if it had none yet
     */
    public static RunSummary failed(String runId, int exitCode, String error) {
        return new RunSummary(
                SCHEMA,
                Status.of(exitCode),
                exitCode,
                runId,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                error);
    }

    /** One line of JSON in ASCII, without a line end. */
    public String toLine() {
        return new String(Json.line(this), StandardCharsets.US_ASCII);
    }

    /**
     * The summary that a run left.
     *
     * @param path names the file in messages
     * @throws UserError BAD_DATA if it is not one
     */
    public static RunSummary parse(byte[] json, String path) {
        return Json.read(json, SCHEMA, RunSummary.class, path);
    }
}
