package io.treegrad.cli;

import io.treegrad.network.GradientSum;
import io.treegrad.run.RunListener;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.ProgressMode;
import io.treegrad.settings.Settings;
import io.treegrad.training.EpochResult;
import io.treegrad.training.MetricValues;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Shows the progress of training on standard error: a bar on a terminal, otherwise a line every few seconds, and in
 * both cases a line for each epoch. Called on the thread that trains, in the order start, step and epoch, finish;
 * finish also after a failure. Losses and accuracies between epochs are moving averages over about fifty steps.
 */
public final class ProgressDisplay implements RunListener {
    private static final double WEIGHT_OF_A_STEP = 0.02;
    private static final int MOST_EPOCH_LINES = 1000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final ProgressSurface surface;
    private long steps;
    private long stepsPerEpoch;
    private double rowsPerStep;
    private long firstStep = -1;
    private long startedNanos;
    private long epochFirstStep;
    private long epochStartedNanos;
    private long nextMomentNanos;
    private long lastStepNanos;
    private long rows;
    private long stepNanos;
    private double meanLoss;
    private double accuracy;

    ProgressDisplay(ProgressSurface surface) {
        this.surface = surface;
    }

    static ProgressDisplay of(Settings settings, Console console) {
        return on(console.err(), settings.get(OutputSettings.PROGRESS), console.environment());
    }

    static ProgressDisplay on(PrintStream err, ProgressMode mode, Map<String, String> environment) {
        return new ProgressDisplay(
                switch (mode) {
                    case AUTO -> isTerminal(environment) ? new ProgressBarLine(err) : new ProgressSurface.Lines(err);
                    case BAR -> new ProgressBarLine(err);
                    case PLAIN -> new ProgressSurface.Lines(err);
                    case NONE -> new ProgressSurface.Quiet(err);
                });
    }

    @Override
    public void trainingBegins(long steps, long stepsPerEpoch, long rowsPerEpoch) {
        this.steps = steps;
        this.stepsPerEpoch = stepsPerEpoch;
        rowsPerStep = (double) rowsPerEpoch / stepsPerEpoch;
        startedNanos = System.nanoTime();
        epochStartedNanos = startedNanos;
        nextMomentNanos = startedNanos + surface.intervalNanos();
        surface.start(steps);
    }

    @Override
    public void afterUpdate(long step, float[] theta, GradientSum sum) {
        step(step, sum.counts().meanLoss(), sum.counts().accuracy());
    }

    @Override
    public void afterEpoch(EpochResult result) {
        rows += result.rows();
        long epochNanos = Math.max(1, lastStepNanos - epochStartedNanos);
        stepNanos += epochNanos;
        epoch(
                result.epoch(),
                epochs(),
                result.train(),
                result.validated(),
                result.rows() * (double) NANOS_PER_SECOND / epochNanos);
    }

    /** Training rows a second over the epochs that are over, without their evaluations; 0 if there is none. */
    double rowsPerSecond() {
        return rows * (double) NANOS_PER_SECOND / Math.max(1, stepNanos);
    }

    /**
     * After a step; costs some tens of nanoseconds.
     *
     * @param step number of the step, from 0
     * @param stepMeanLoss mean loss of its rows
     * @param stepAccuracy share of its rows that were right, from 0 to 1
     */
    void step(long step, double stepMeanLoss, double stepAccuracy) {
        if (firstStep < 0) {
            firstStep = step;
            epochFirstStep = step;
            meanLoss = stepMeanLoss;
            accuracy = stepAccuracy;
        }
        meanLoss += WEIGHT_OF_A_STEP * (stepMeanLoss - meanLoss);
        accuracy += WEIGHT_OF_A_STEP * (stepAccuracy - accuracy);
        long now = System.nanoTime();
        lastStepNanos = now;
        if (now - nextMomentNanos >= 0) {
            nextMomentNanos = now + surface.intervalNanos();
            showMoment(step + 1, now);
        }
    }

    private void showMoment(long done, long now) {
        double secondsPerStep = seconds(startedNanos, now) / (done - firstStep);
        double rowsPerSecond = rowsPerStep * (done - epochFirstStep) / seconds(epochStartedNanos, now);
        surface.moment(
                done,
                ProgressText.moment(
                        Math.min((done - 1) / stepsPerEpoch + 1, epochs()),
                        epochs(),
                        MetricValues.ofTraining(meanLoss, accuracy),
                        rowsPerSecond,
                        (steps - done) * secondsPerStep));
    }

    /**
     * After an epoch and its evaluation. Shows a line, but if there are thousands of epochs, only for some of them.
     *
     * @param epoch number of the epoch, from 1
     * @param epochs how many are planned
     * @param train of the training rows
     * @param validation empty when the epoch was not validated
     * @param rowsPerSecond training rows, without evaluation
     */
    void epoch(long epoch, long epochs, MetricValues train, Optional<MetricValues> validation, double rowsPerSecond) {
        long done = Math.min(steps, epoch * stepsPerEpoch);
        long now = System.nanoTime();
        double secondsLeft = seconds(startedNanos, now) / Math.max(1, done - Math.max(0, firstStep)) * (steps - done);
        if (epoch == epochs || epoch % ((epochs + MOST_EPOCH_LINES - 1) / MOST_EPOCH_LINES) == 0) {
            surface.epoch(ProgressText.epoch(epoch, epochs, train, validation, rowsPerSecond, secondsLeft));
        }
        epochFirstStep = done;
        epochStartedNanos = now;
    }

    /** Shows a sentence that is not progress, above the bar if there is one, in every mode. */
    void say(String sentence) {
        surface.say(sentence);
    }

    /** Removes the bar. A second call does nothing. */
    void finish() {
        surface.finish();
    }

    @Override
    public void trainingEnds() {
        finish();
    }

    private static double seconds(long fromNanos, long toNanos) {
        return (double) Math.max(1, toNanos - fromNanos) / NANOS_PER_SECOND;
    }

    private long epochs() {
        return Math.max(1, (steps + stepsPerEpoch - 1) / stepsPerEpoch);
    }

    /** Whether standard error is a terminal that can move its cursor. Java knows this only for input and output. */
    private static boolean isTerminal(Map<String, String> environment) {
        String type = environment.getOrDefault("TERM", "dumb");
        if (type.equals("dumb") || type.isEmpty()) {
            return false;
        }
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            // there is no /proc here; from JDK 22 on a pipe has a console too
            return Runtime.version().feature() < 22 && hasConsole();
        }
    }

    @SuppressWarnings("SystemConsoleNull") // called only where null still means that there is none
    private static boolean hasConsole() {
        return System.console() != null;
    }
}
