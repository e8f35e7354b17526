package io.treegrad.settings;

import static io.treegrad.settings.Command.BENCH;
import static io.treegrad.settings.Command.EVALUATE;
import static io.treegrad.settings.Command.PLAN;
import static io.treegrad.settings.Command.PREDICT;
import static io.treegrad.settings.Command.REPRODUCE;
import static io.treegrad.settings.Setting.Effect.DECIDES_RESULT;
import static io.treegrad.settings.Setting.Effect.KEEPS_RESULT;
import static io.treegrad.settings.SettingGroup.CLUSTER;

import io.treegrad.spark.EngineChoice;
import io.treegrad.spark.exchange.ExchangeChoice;
import java.util.List;
import java.util.Optional;

/** How the work is distributed. Only the number of shards affects the result, like the batch size. */
public final class ClusterSettings {
    private static final int MOST_SHARDS = 65_536;

    public static final Setting<EngineChoice> ENGINE = Setting.ofTrain(
            "engine",
            CLUSTER,
            "NAME",
            "auto, tree (a Spark job a step) or resident (tasks stay)",
            ValueParser.oneOf(EngineChoice.class),
            KEEPS_RESULT,
            REPRODUCE,
            BENCH);

    public static final Setting<Optional<Integer>> SHARDS = Setting.ofTrain(
            "shards",
            CLUSTER,
            "N",
            "Gradient shards: part of the result, like the batch size; or auto",
            ValueParser.whole(1, MOST_SHARDS).orNothing("auto"),
            DECIDES_RESULT);

    public static final Setting<Optional<Integer>> PARTITIONS = Setting.ofTrain(
            "partitions",
            CLUSTER,
            "N",
            "Partitions of the rows: never changes the result; or auto",
            ValueParser.whole(1, MOST_SHARDS).orNothing("auto"),
            KEEPS_RESULT,
            EVALUATE,
            PREDICT,
            REPRODUCE,
            BENCH);

    public static final Setting<Integer> TREE_DEPTH = Setting.ofTrain(
            "tree-depth",
            CLUSTER,
            "N",
            "Depth of the aggregation of the tree engine",
            ValueParser.whole(1, 16),
            KEEPS_RESULT);

    public static final Setting<ExchangeChoice> EXCHANGE = Setting.ofTrain(
            "exchange",
            CLUSTER,
            "NAME",
            "auto, network, star, sliced (executors too) or rpc (Spark's messages)",
            ValueParser.oneOf(ExchangeChoice.class),
            KEEPS_RESULT,
            REPRODUCE,
            BENCH,
            PLAN);

    public static final Setting<Integer> PORT = Setting.ofTrain(
            "port",
            CLUSTER,
            "N",
            "First port that executors try to listen at; 0: any",
            ValueParser.whole(0, 65_535),
            KEEPS_RESULT,
            REPRODUCE,
            BENCH,
            PLAN);

    static final List<Setting<?>> ALL = List.of(ENGINE, SHARDS, PARTITIONS, TREE_DEPTH, EXCHANGE, PORT);

    private ClusterSettings() {}
}
