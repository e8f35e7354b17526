package io.treegrad.model;

import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import io.treegrad.network.Layer;
import io.treegrad.network.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directory of a published model, and the file that says which is the newest.
 *
 * <pre>
 *   model.safetensors   layers.0.weight [n_1, n_0], layers.0.bias [n_1], layers.1.weight [n_2, n_1], …
 *   model.json          everything else
 *   model.onnx          the whole model for other programs, see {@link OnnxModel}; ours do not read it
 *   _SUCCESS            the {@link Manifest} of these files
 * </pre>
 */
public final class ModelFiles {
    public static final String WEIGHTS = "model.safetensors";
    public static final String DESCRIPTION = "model.json";
    public static final String ONNX = "model.onnx";
    /** The directory of all version directories. */
    public static final String VERSIONS = "versions";
    /** Stands beside the directory of the versions and holds the name of one of them. */
    public static final String CURRENT = "CURRENT";

    private static final String FORMAT = "treegrad.model";
    private static final int MAX_DESCRIPTION_BYTES = 1 << 26;
    private static final int MAX_VERSION_LENGTH = 255;
    /**
     * No hidden names, separators, schemes, blanks, control characters, or U+FFFD, which replaces bytes that are not
     * UTF-8.
     */
    private static final Pattern VERSION =
            Pattern.compile("[^._/\\\\:\\s\\p{Cntrl}\\x{FFFD}][^/\\\\:\\s\\p{Cntrl}\\x{FFFD}]*");

    private ModelFiles() {}

    /** The files to write, by name, before their manifest. */
    public static Map<String, FileContent> contents(TrainedModel model) {
        Map<String, FileContent> contents = new LinkedHashMap<>();
        SafeTensors weights = weights(model);
        byte[] description = Json.page(ModelDescription.of(model));
        contents.put(WEIGHTS, weights::writeTo);
        contents.put(DESCRIPTION, out -> out.write(description));
        if (OnnxModel.canHold(model.network())) {
            contents.put(ONNX, OnnxModel.of(model));
        }
        return contents;
    }

    /**
     * Reads the model in a version directory, bit for bit as it was written.
     *
     * @throws UserError INPUT_MISSING if there is none; BAD_DATA if the directory is unfinished, damaged, contradicts
     *     itself or has another schema
     */
    public static TrainedModel read(Storage storage, String directory) throws IOException {
        Manifest manifest = Manifest.verified(storage, directory);
        for (String name : List.of(WEIGHTS, DESCRIPTION)) {
            if (!manifest.files().containsKey(name)) {
                throw Json.damaged(directory + "/" + Manifest.FILE, "it does not name " + name, "the files of a model");
            }
        }
        String path = directory + "/" + DESCRIPTION;
        ModelDescription description = Json.read(
                Manifest.bounded(storage, path, MAX_DESCRIPTION_BYTES),
                ModelDescription.SCHEMA,
                ModelDescription.class,
                path);
        Network network = description.network().network();
        float[] parameters = parameters(storage, directory + "/" + WEIGHTS, network, description.weightsSha256());
        try {
            return new TrainedModel(
                    network,
                    parameters,
                    description.scaling().scaling(),
                    description.labels(),
                    description.provenance(),
                    Optional.ofNullable(description.reading()).map(ModelDescription.ReadingJson::reading),
                    Optional.ofNullable(description.card()));
        } catch (IllegalArgumentException e) {
            throw Json.damaged(path, e.getMessage(), "fields that agree with each other");
        }
    }

    /** The content of {@code CURRENT} for a version. */
    public static byte[] current(String version) {
        if (!isVersion(version)) {
            throw new IllegalArgumentException("version \"" + version + "\", expected the name of one directory");
        }
        return (version + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The name of the version directory that {@code CURRENT} holds.
     *
     * @throws UserError BAD_DATA if it holds anything but one line with such a name
     */
    public static String parseCurrent(byte[] content, String path) {
        String line = new String(content, 0, Math.min(content.length, 4 * MAX_VERSION_LENGTH), StandardCharsets.UTF_8);
        String version = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
        if (!isVersion(version)) {
            throw Json.damaged(path, "it holds \"" + version + "\"", "one line with the name of a version directory");
        }
        return version;
    }

    private static boolean isVersion(String name) {
        return name.length() <= MAX_VERSION_LENGTH && VERSION.matcher(name).matches();
    }

    private static SafeTensors weights(TrainedModel model) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        float[] published = model.published();
        List<Layer> layers = model.network().layers();
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            tensors.put(
                    ParameterNames.weight(l),
                    Tensor.of(published, layer.weightsOffset(), layer.outputs(), layer.inputs()));
            if (layer.hasBias()) {
                tensors.put(ParameterNames.bias(l), Tensor.of(published, layer.biasesOffset(), layer.outputs()));
            }
        }
        return new SafeTensors(metadata(model.weightsSha256()), tensors);
    }

    private static float[] parameters(Storage storage, String path, Network network, String digest) throws IOException {
        SafeTensors file;
        try (InputStream in = storage.open(path)) {
            file = SafeTensors.read(in, storage.length(path), path);
        }
        if (!file.metadata().equals(metadata(digest))) {
            throw Json.damaged(path, "metadata is " + file.metadata(), metadata(digest) + " as in " + DESCRIPTION);
        }
        Map<String, Tensor> unclaimed = new LinkedHashMap<>(file.tensors());
        List<Tensor> inLayoutOrder = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            Layer layer = network.layers().get(l);
            inLayoutOrder.add(
                    take(unclaimed, ParameterNames.weight(l), List.of(layer.outputs(), layer.inputs()), path));
            if (layer.hasBias()) {
                inLayoutOrder.add(take(unclaimed, ParameterNames.bias(l), List.of(layer.outputs()), path));
            }
        }
        if (!unclaimed.isEmpty()) {
            throw Json.damaged(path, "it also holds " + unclaimed.keySet(), "the tensors of network " + network);
        }
        // allocated only now: the file is known to hold as many floats as the network has
        float[] parameters = new float[network.parameterCount()];
        int at = 0;
        for (Tensor tensor : inLayoutOrder) {
            tensor.copyTo(parameters, at);
            at += tensor.size();
        }
        String found = WeightsDigest.of(parameters);
        if (!found.equals(digest)) {
            throw Json.damaged(path, "weightsSha256 is " + found, digest + " as in " + DESCRIPTION);
        }
        return network.fromPublished(parameters);
    }

    private static Tensor take(Map<String, Tensor> tensors, String name, List<Integer> shape, String path) {
        Tensor tensor = tensors.remove(name);
        if (tensor == null || !tensor.shape().equals(shape)) {
            throw Json.damaged(
                    path,
                    "tensor " + name + (tensor == null ? " is missing" : " has shape " + tensor.shape()),
                    "shape " + shape + " as in " + DESCRIPTION);
        }
        return tensor;
    }

    private static Map<String, String> metadata(String weightsSha256) {
        return Map.of("format", FORMAT, "version", "1", "weightsSha256", weightsSha256);
    }
}
