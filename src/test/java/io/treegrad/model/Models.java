package io.treegrad.model;

import io.treegrad.data.Scaling;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small models of a single layer for the tests of other packages. */
public final class Models {
    private Models() {}

    /** @param parameters W, then b, in the layout of the network */
    public static TrainedModel of(int features, float[] parameters, Scaling scaling, List<String> labels) {
        Network network =
                Network.dense(List.of(features, labels.size()), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        return new TrainedModel(network, parameters, scaling, labels, SmallModel.provenance());
    }

    /** Of two unscaled values. */
    public static TrainedModel ofNumbers(float[] parameters, Meaning.OfNumbers meaning) {
        Network network = Network.dense(List.of(2, 1), List.of(Activation.IDENTITY), true, Loss.MSE)
                .meaning(meaning);
        return new TrainedModel(network, parameters, Scaling.none(), List.of(), SmallModel.provenance());
    }

    /** Writes the directory of a version as a publication does. */
    public static void write(Path version, TrainedModel model) throws IOException {
        Files.createDirectories(version);
        Map<String, FileDigest> digests = new LinkedHashMap<>();
        for (Map.Entry<String, FileContent> file : ModelFiles.contents(model).entrySet()) {
            try (OutputStream out = Files.newOutputStream(version.resolve(file.getKey()))) {
                digests.put(file.getKey(), FileDigest.ofWriting(file.getValue(), out));
            }
        }
        Files.write(version.resolve(Manifest.FILE), Manifest.of(digests).toBytes());
    }
}
