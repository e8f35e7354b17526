package io.treegrad.run;

import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Everybody who is told how a run begins and ends. They are told side by side; whoever cannot be reached delays the end of a
 * run by no more than {@link HttpSender#LIMIT}, and is told in a warning.
 */
final class RunFollowers {
    private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(2);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Settings settings;
    private final RunEnvironment environment;
    private final List<RunFollower> followers;
    private final Duration limit;
    private Optional<Thread> beginning = Optional.empty();

    RunFollowers(Settings settings, RunEnvironment environment) {
        this(settings, environment, of(settings, environment), HttpSender.LIMIT);
    }

    /** @param limit how long the end of a run waits for them */
    RunFollowers(Settings settings, RunEnvironment environment, List<RunFollower> followers, Duration limit) {
        this.settings = settings;
        this.environment = environment;
        this.followers = followers;
        this.limit = limit;
    }

    private static List<RunFollower> of(Settings settings, RunEnvironment environment) {
        List<RunFollower> followers = new ArrayList<>();
        EnvironmentProxies proxies = new EnvironmentProxies(environment.variables());
        settings.get(OutputSettings.NOTIFY)
                .ifPresent(address -> followers.add(new RunFollower.WebHook(address, proxies)));
        Map<String, String> lineage = Cluster.submissionKeys(OpenLineage.PREFIX);
        if (lineage.containsKey(OpenLineage.URL)) {
            followers.add(new OpenLineage(lineage, proxies));
        }
        if (!environment.variables().getOrDefault(MlflowTracking.ADDRESS, "").isBlank()) {
            followers.add(new MlflowTracking(environment.variables()));
        }
        return followers;
    }

    /** What a follower is told. */
    private interface Telling {
        void tell(RunFollower follower) throws IOException;
    }

    /** Tells that a run has begun, while it goes on. */
    void begun(String runId, Instant started) {
        beginning = Optional.of(inBackground(() -> tell(follower -> follower.begun(runId, started))));
    }

    /** Tells how a run has ended, and waits until all know it or cannot be told, which changes nothing about the run. */
    void ended(RunRecord record, RunDirectory directory, Instant started) {
        if (followers.isEmpty()) {
            return;
        }
        RunEnd end;
        try {
            end = end(record, directory, started);
        } catch (RuntimeException e) {
            String reason = e instanceof UserError ? e.getMessage() : e.toString();
            environment.warn("nobody was told how the run ended: " + Redaction.redact(reason));
            return;
        }
        Thread ending = inBackground(() -> {
            beginning.ifPresent(begun -> await(begun, LONGEST_BEGINNING)); // so that nobody hears of the end first
            tell(follower -> follower.ended(end));
        });
        await(ending, limit);
        if (ending.isAlive()) {
            environment.warn("not everybody could be told in time how the run ended.");
        }
    }

    private RunEnd end(RunRecord record, RunDirectory directory, Instant started) {
        return new RunEnd(
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
                started,
                Instant.now());
    }

    /** Returns when all have been told or cannot be, which each of them decides in time; whoever waits for it has a limit. */
    private void tell(Telling telling) {
        List<Thread> threads = new ArrayList<>();
        for (RunFollower follower : followers) {
            threads.add(inBackground(() -> {
                try {
                    telling.tell(follower);
                } catch (IOException e) {
                    warn(follower, e.getMessage());
                } catch (RuntimeException e) {
                    warn(follower, e.getClass().getSimpleName()); // its message may hold a token that was to be sent
                }
            }));
        }
        threads.forEach(thread -> await(thread, FOR_EVER));
    }

    private void warn(RunFollower follower, String reason) {
        environment.warn(follower.name() + " could not be delivered: " + reason + ".");
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
