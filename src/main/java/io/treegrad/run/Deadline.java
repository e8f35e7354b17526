package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.settings.OutputSettings;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Ends a training that has taken as long as it may; what is best by then is the result. */
final class Deadline implements TrainingObserver {
    private final Optional<Instant> end;
    private final long lastStep;

    /** How a training is ended from within. */
    static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Reached() {
            super("the deadline", null, false, false);
        }
    }

    /**
     * @param started when the run was, loading included
     * @param lastStep after which there is nothing to end
     */
    Deadline(Optional<Duration> limit, Instant started, long lastStep) {
        this.end = limit.map(started::plus);
        this.lastStep = lastStep;
    }

    @Override
    public void afterStep(TrainingState state) {
        if (end.isPresent() && state.step() < lastStep && !Instant.now().isBefore(end.get())) {
            throw new Reached();
        }
    }

    /**
     * The error for a training that had to end with nothing worth publishing; it is saved and can go on.
     *
     * @param reason ends with a sentence that nothing was published
     */
    static UserError tooEarly(String reason, String runId, Throwable cause) {
        return new UserError(
                        UserError.Kind.TRY_AGAIN,
                        "The deadline came, and %s Run again under the name %s to go on from there, or allow more time."
                                .formatted(reason, runId),
                        cause)
                .fixedBy(OutputSettings.DEADLINE.name(), OutputSettings.RUN_ID.name());
    }
}
