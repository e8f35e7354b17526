package io.treegrad.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tells a lineage server which files a run read and what it published, as events of OpenLineage. The keys are those of
 * OpenLineage's own Spark listener, so that Airflow, which injects them, need not know this program.
 *
 * @see <a href="https://openlineage.io/docs/spec/object-model">OpenLineage, object model</a>
 */
final class OpenLineage implements RunFollower {
    static final String PREFIX = "spark.openlineage.";
    static final String URL = "transport.url";

    private static final String SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    private static final String PARENT_SCHEMA =
            "https://openlineage.io/spec/facets/1-0-1/ParentRunFacet.json#/$defs/ParentRunFacet";
    private static final String PRODUCER = "urn:treegrad:" + Platform.version().replaceAll("[^A-Za-z0-9.-]", "");

    private final Map<String, String> keys;
    private final EnvironmentProxies proxies;

    /** @param keys of Spark that begin with {@link #PREFIX}, without it; {@link #URL} is among them */
    OpenLineage(Map<String, String> keys, EnvironmentProxies proxies) {
        this.keys = keys;
        this.proxies = proxies;
    }

    @Override
    public String name() {
        return "the lineage event";
    }

    @Override
    public void begun(String runId, Instant started) throws IOException {
        send(event("START", runId, started, started));
    }

    @Override
    public void ended(RunEnd end) throws IOException {
        RunRecord record = end.record();
        String type = record.hasSucceeded() ? "COMPLETE" : record.isStopped() ? "ABORT" : "FAIL";
        ObjectNode event = event(type, record.runId(), end.started(), end.ended());
        datasets(event.putArray("inputs"), end.inputs());
        datasets(event.putArray("outputs"), end.hasPublished() ? List.of(record.model()) : List.of());
        send(event);
    }

    private ObjectNode event(String type, String runId, Instant started, Instant time) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("eventType", type)
                .put("eventTime", time.toString())
                .put("producer", PRODUCER)
                .put("schemaURL", SCHEMA);
        UUID run = UUID.nameUUIDFromBytes((runId + " " + started).getBytes(StandardCharsets.UTF_8));
        ObjectNode facets = event.putObject("run").put("runId", run.toString()).putObject("facets");
        if (keys.containsKey("parentRunId")) {
            ObjectNode parent =
                    facets.putObject("parent").put("_producer", PRODUCER).put("_schemaURL", PARENT_SCHEMA);
            parent.putObject("run").put("runId", keys.get("parentRunId"));
            parent.putObject("job")
                    .put("namespace", keys.getOrDefault("parentJobNamespace", "default"))
                    .put("name", keys.getOrDefault("parentJobName", "unknown"));
        }
        event.putObject("job")
                .put("namespace", keys.getOrDefault("namespace", "default"))
                .put("name", keys.getOrDefault("appName", "treegrad_train"));
        return event;
    }

    /** A file is named by its file system and its path there. */
    private static void datasets(ArrayNode datasets, List<String> paths) {
        for (String path : paths) {
            int scheme = path.indexOf("://");
            int slash = scheme < 0 ? -1 : path.indexOf('/', scheme + 3);
            datasets.addObject()
                    .put("namespace", slash < 0 ? "file" : path.substring(0, slash))
                    .put("name", slash < 0 ? path : path.substring(slash));
        }
    }

    private void send(ObjectNode event) throws IOException {
        String token = keys.getOrDefault("transport.auth.apiKey", "").strip();
        String endpoint = keys.getOrDefault("transport.endpoint", "api/v1/lineage");
        URI address = HttpSender.address(PREFIX + URL, keys.get(URL), endpoint);
        new HttpSender(proxies, token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token))
                .post(address, event.toString().getBytes(StandardCharsets.UTF_8));
    }
}
