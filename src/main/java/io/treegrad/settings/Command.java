package io.treegrad.settings;

import java.util.List;
import java.util.Locale;

/** What the program can be told to do. */
public enum Command {
    TRAIN(
            "Train a network, evaluate it and publish it.",
            "train --hidden 300,100 --epochs 20",
            "train --data data/mnist --min-accuracy 0.97 --json",
            "train --config my.properties --print-config"),
    EVALUATE(
            "Metrics and a table per class of a model on a data set.",
            "evaluate",
            "evaluate --model output --data data/mnist --json"),
    PREDICT(
            "Label and probabilities for each row, as CSV or JSON lines.",
            "predict --data t10k-images-idx3-ubyte.gz --limit 10",
            "predict --format-out jsonl --output predictions.jsonl"),
    INSPECT(
            "What a model, checkpoint or data file is, and whether it verifies.",
            "inspect output",
            "inspect data/mnist/train-images-idx3-ubyte.gz --json"),
    REPRODUCE(
            "Train a textbook system with several seeds and compare its published figures.",
            "reproduce generic-xor",
            "reproduce mlp-logistic-l2 --seeds 1 --json"),
    CHECK_GRADIENT(
            "Compare backpropagation on some rows with numeric derivatives.",
            "check-gradient --config mlp-mse-minibatch",
            "check-gradient --data synthetic --hidden 20,20 --hidden-activation relu,tanh"),
    REPORT(
            "The page of a finished run again, or several runs on one page.",
            "report output/runs/nightly-7",
            "report --compare output/runs/relu output/runs/tanh --page comparison.html"),
    FETCH_DATA("Download MNIST from its mirrors, checked by SHA-256.", "fetch-data", "fetch-data --to data/mnist"),
    BENCH("This machine's step rates beside its own sgemm limit.", "bench", "bench --batch-sizes 100,1024 --json");

    private final String description;
    private final String examples;

    Command(String description, String... examples) {
        this.description = description;
        this.examples = String.join("\n", examples);
    }

    /** As typed by the user: {@code fetch-data}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String description() {
        return description;
    }

    /** Command lines without the program's name. */
    public List<String> examples() {
        return examples.lines().toList();
    }
}
