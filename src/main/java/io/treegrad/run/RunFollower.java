package io.treegrad.run;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** Somebody elsewhere who is told how a run begins and ends. */
interface RunFollower {
    /** What it is, for messages. */
    String name();

    default void begun(String runId, Instant started) throws IOException {}

    void ended(RunEnd end) throws IOException;

    /** Posts {@code run.json} to an address, as web hooks take it. */
    record WebHook(URI address, EnvironmentProxies proxies) implements RunFollower {
        @Override
        public String name() {
            return "the notification";
        }

        @Override
        public void ended(RunEnd end) throws IOException {
            new HttpSender(proxies, Map.of()).post(address, end.record().toJson());
        }
    }
}
