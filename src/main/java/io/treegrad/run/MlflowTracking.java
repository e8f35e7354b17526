package io.treegrad.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.treegrad.data.Part;
import io.treegrad.model.EpochLine;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Logs a run to an MLflow server when it has ended: settings as parameters, metrics of each epoch and of the final
 * parameters, and a version of the registered model. The variables are those of MLflow's own clients.
 *
 * @see <a href="https://mlflow.org/docs/latest/rest-api.html">MLflow REST API</a>
 */
final class MlflowTracking implements RunFollower {
    static final String ADDRESS = "MLFLOW_TRACKING_URI";

    private static final String EXPERIMENT = "treegrad";
    private static final int MOST_IN_BATCH = 1000;
    private static final int MOST_PARAMETERS = 100;
    private static final int LONGEST_VALUE = 500;

    private final Map<String, String> variables;

    /** @param variables of the environment; {@link #ADDRESS} is among them */
    MlflowTracking(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public String name() {
        return "the MLflow record";
    }

    @Override
    public void ended(RunEnd end) throws IOException {
        HttpSender sender = new HttpSender(new EnvironmentProxies(variables), authorization());
        String name = variables.getOrDefault("MLFLOW_EXPERIMENT_NAME", EXPERIMENT);
        ObjectNode creation = object().put("experiment_id", experiment(sender, name))
                .put("run_name", end.record().runId())
                .put("start_time", end.started().toEpochMilli());
        String run =
                post(sender, "runs/create", creation).at("/run/info/run_id").asText();
        for (ObjectNode batch : new Batches(run).of(end)) {
            post(sender, "runs/log-batch", batch);
        }
        if (end.hasPublished()) {
            register(sender, name, run, end.record());
        }
        String status = end.record().hasSucceeded() ? "FINISHED" : end.record().isStopped() ? "KILLED" : "FAILED";
        post(
                sender,
                "runs/update",
                object().put("run_id", run)
                        .put("status", status)
                        .put("end_time", end.ended().toEpochMilli()));
    }

    private Map<String, String> authorization() {
        String token = variables.getOrDefault("MLFLOW_TRACKING_TOKEN", "").strip();
        String user = variables.getOrDefault("MLFLOW_TRACKING_USERNAME", "").strip();
        if (!token.isEmpty()) {
            return Map.of("Authorization", "Bearer " + token);
        }
        String pair = user + ":"
                + variables.getOrDefault("MLFLOW_TRACKING_PASSWORD", "").strip();
        return user.isEmpty()
                ? Map.of()
                : Map.of(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private String experiment(HttpSender sender, String name) throws IOException {
        String query = "experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        HttpSender.Answer found = sender.ask("GET", address(query), new byte[0]);
        return found.isSuccess()
                ? found.body().at("/experiment/experiment_id").asText()
                : post(sender, "experiments/create", object().put("name", name))
                        .path("experiment_id")
                        .asText();
    }

    /** A model that is registered already gets another version. */
    private void register(HttpSender sender, String name, String run, RunRecord record) throws IOException {
        sender.ask("POST", address("registered-models/create"), bytes(object().put("name", name)));
        ObjectNode version =
                object().put("name", name).put("source", record.model()).put("run_id", run);
        version.putArray("tags").addObject().put("key", "weightsSha256").put("value", record.weightsSha256());
        post(sender, "model-versions/create", version);
    }

    private JsonNode post(HttpSender sender, String call, ObjectNode body) throws IOException {
        return sender.post(address(call), bytes(body));
    }

    private URI address(String call) throws IOException {
        return HttpSender.address(ADDRESS, variables.get(ADDRESS), "api/2.0/mlflow/" + call);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Parameters and metrics in portions that the server takes. */
    private static final class Batches {
        private final String run;
        private final List<ObjectNode> batches = new ArrayList<>();

        Batches(String run) {
            this.run = run;
        }

        List<ObjectNode> of(RunEnd end) {
            end.settings().forEach((name, value) -> add("params", MOST_PARAMETERS)
                    .put("key", name)
                    .put("value", value.substring(0, Math.min(LONGEST_VALUE, value.length()))));
            for (EpochLine line : end.epochs()) {
                addAll("train", line.train(), line.epoch(), end.started());
                addAll("validation", line.validation(), line.epoch(), end.started());
            }
            Map<Part, MetricValues> last = end.record().metrics();
            last.forEach((part, values) ->
                    addAll("final." + part.label(), values, end.epochs().size(), end.ended()));
            return batches;
        }

        private void addAll(String part, MetricValues values, long epoch, Instant time) {
            if (values != null) {
                for (Metric metric : values.metrics()) {
                    add("metrics", MOST_IN_BATCH)
                            .put("key", part + "." + metric.key())
                            .put("value", values.get(metric))
                            .put("timestamp", time.toEpochMilli())
                            .put("step", epoch);
                }
            }
        }

        private ObjectNode add(String kind, int most) {
            ObjectNode last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
            if (last == null || !last.has(kind) || last.get(kind).size() == most) {
                last = object().put("run_id", run);
                last.putArray(kind);
                batches.add(last);
            }
            return ((ArrayNode) last.get(kind)).addObject();
        }
    }
}
