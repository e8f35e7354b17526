package io.treegrad.cli;

import io.treegrad.run.RunOutcome;
import io.treegrad.run.TrainingJob;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import java.util.List;

/** Trains, evaluates and publishes. {@link TrainingJob} does the work. */
final class TrainCommand implements CommandAction {
    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        boolean text = !settings.get(OutputSettings.JSON);
        TrainingJob job = new TrainingJob(settings, console.forRun(), ProgressDisplay.of(settings, console));
        RunOutcome outcome;
        try {
            outcome = job.run(published -> {
                if (text) {
                    ResultText.print(console.out(), published);
                }
            });
        } finally {
            console.summary().replaceBy(job.record());
        }
        if (text && outcome.model().isEmpty()) {
            ResultText.print(console.out(), outcome.record());
        }
    }
}
