package io.treegrad.cli;

import java.util.List;

/** Trains, evaluates and publishes. */
final class TrainCommand implements Body {
    @Override
    public void run(Settings settings, List<String> paths, Console console) {
        throw new UnsupportedOperationException("training is not connected yet");
    }
}
