package io.treegrad.settings;

import java.util.List;
import java.util.Locale;

/** The commands of the program. */
public enum Command {
    TRAIN(
            "Train a network, evaluate it and publish it.",
            "train --hidden 300,100 --epochs 20",
            "train --data data/mnist --min-accuracy 0.97 --json",
            "train --config my.properties --print-config"),
    EVALUATE(
            "Show the metrics of a model on a data set, and a table per class.",
            "evaluate",
            "evaluate --model output --data data/mnist --json"),
    PREDICT(
            "Write label and outputs of each row as CSV, JSON lines or Parquet.",
            "predict --data t10k-images-idx3-ubyte.gz --limit 10",
            "predict --data hdfs:///new --format-out parquet --output hdfs:///out",
            "predict --data t.csv --columns number=Id,label=Label --output p.csv"),
    CHECK_DATA(
            "Show what is odd about a data set, by itself and beside the published model's.",
            "check-data --data data/mnist",
            "check-data --data day.csv --output models --max-drift 0.25 --json"),
    EXPORT(
            "Write a model as an ONNX file, which other programs can run.",
            "export",
            "export --model output --output digits.onnx"),
    MODELS(
            "List, compare, promote, roll back, pin and prune published versions.",
            "models",
            "models promote candidate",
            "models rollback",
            "models prune --keep-versions 10 --older-than 30d"),
    INSPECT(
            "Describe and verify a model, a checkpoint or a data file.",
            "inspect output",
            "inspect data/mnist/train-images-idx3-ubyte.gz --json"),
    REPRODUCE(
            "Train a textbook system with several seeds; compare with published figures.",
            "reproduce generic-xor",
            "reproduce mlp-logistic-l2 --seeds 1 --json"),
    SWEEP(
            "Train many networks side by side, each on one core; compare them.",
            "sweep learning-rate=0.1 learning-rate=0.3 hidden=100 hidden=300,100",
            "sweep epochs=5 learning-rate={0.03,0.1,0.3} --search random:2"),
    CHECK_GRADIENT(
            "Compare backpropagation on some rows with numeric derivatives.",
            "check-gradient --config mlp-mse-minibatch",
            "check-gradient --data synthetic --hidden 20 --hidden-activation tanh"),
    REPORT(
            "Write the page of a finished run again, or compare several runs on one page.",
            "report output/runs/nightly-7",
            "report --compare output/runs/relu output/runs/tanh --page both.html"),
    COMPLETION(
            "Print a script with which a shell completes commands and options.",
            "completion > ~/.local/share/bash-completion/completions/submit.sh"),
    FETCH_DATA("Download MNIST from its mirrors, checked by SHA-256.", "fetch-data", "fetch-data --to data/mnist"),
    BENCH(
            "Measure step rates, beside what dense products reach on this machine.",
            "bench",
            "bench --batch-sizes 100,1024 --json"),
    PLAN(
            "Measure this cluster; show how many executors pay for a network and batch.",
            "plan",
            "plan --hidden 800 --batch-size 8192 --json");

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
