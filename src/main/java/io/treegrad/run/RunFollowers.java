package io.treegrad.run;

import io.treegrad.model.EpochLine;
import io.treegrad.model.InputManifest;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.RunDirectory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Everybody who is told how a run begins and ends. They are told side by side; whoever cannot be reached delays the end of a
 * run by no more than {@link HttpSender#LIMIT}, and is told in a warning.
 */
final class RunFollowers {
    private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(2);

    private final Settings settings;
    private final RunEnvironment environment;
    private final List<RunFollower> followers = new ArrayList<>();
    private Thread beginning;

    RunFollowers(Settings settings, RunEnvironment environment) {
        this.settings = settings;
        this.environment = environment;
        settings.get(OutputSettings.NOTIFY).ifPresent(address -> followers.add(new RunFollower.WebHook(address)));
        Map<String, String> lineage = Cluster.submissionKeys(OpenLineage.PREFIX);
        if (lineage.containsKey(OpenLineage.URL)) {
            followers.add(new OpenLineage(lineage));
        }
        if (environment.variables().getOrDefault(MlflowTracking.ADDRESS, "").startsWith("http")) {
            followers.add(new MlflowTracking(environment.variables()));
        }
    }

    /** What a follower is told. */
    private interface Telling {
        void tell(RunFollower follower) throws IOException;
    }

    /** Tells that a run has begun, while it goes on. */
    void begun(String runId, String output, Instant started) {
        beginning = inBackground(() -> tell(follower -> follower.begun(runId, output, started)));
    }

    /** Tells how a run has ended, and waits until all know it or cannot be told. */
    void ended(RunRecord record, RunDirectory directory, String output, Instant started) {
        if (followers.isEmpty()) {
            return;
        }
        RunEnd end = new RunEnd(
                record,
                settings.redacted(),
                directory
                        .read(EpochLine.FILE)
                        .map(bytes -> EpochLine.parse(bytes, EpochLine.FILE))
                        .orElse(List.of()),
                directory
                        .read(InputManifest.FILE)
                        .map(bytes -> List.copyOf(InputManifest.parse(bytes, InputManifest.FILE)
                                .files()
                                .keySet()))
                        .orElse(List.of()),
                output,
                started,
                Instant.now());
        Thread ending = inBackground(() -> {
            await(beginning, LONGEST_BEGINNING); // so that nobody hears of the end first
            tell(follower -> follower.ended(end));
        });
        await(ending, HttpSender.LIMIT);
    }

    private void tell(Telling telling) {
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (RunFollower follower : followers) {
            threads.add(inBackground(() -> {
                try {
                    telling.tell(follower);
                } catch (IOException | RuntimeException e) {
                    failures.add(follower.name() + " could not be delivered: " + e.getMessage() + ".");
                }
            }));
        }
        threads.forEach(thread -> await(thread, HttpSender.LIMIT));
        failures.forEach(environment::warn);
    }

    private static Thread inBackground(Runnable work) {
        Thread thread = new Thread(work, "run follower");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void await(Thread thread, Duration limit) {
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
