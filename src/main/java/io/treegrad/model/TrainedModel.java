package io.treegrad.model;

import io.treegrad.data.DataReading;
import io.treegrad.data.Scaling;
import io.treegrad.network.Network;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A network with its parameters, with everything needed to use it, and its provenance. Immutable. */
public final class TrainedModel {
    private final Network network;
    private final float[] parameters;
    private final Scaling scaling;
    private final List<String> labels;
    private final Provenance provenance;
    private final Optional<DataReading> reading;
    private final String weightsSha256;
    private final Optional<ModelCard> card;

    /** A model of rows that were not in a file. */
    public TrainedModel(
            Network network, float[] parameters, Scaling scaling, List<String> labels, Provenance provenance) {
        this(network, parameters, scaling, labels, provenance, Optional.empty());
    }

    /**
     * @param parameters theta in the layout of the network, all finite; copied   [network.parameterCount()]
     * @param scaling what turns stored values into inputs of the network
     * @param labels name of each class, all different   [network.classes()]
     * @param reading how its training rows were read; empty if they were not in a file, or if this is unknown
     */
    public TrainedModel(
            Network network,
            float[] parameters,
            Scaling scaling,
            List<String> labels,
            Provenance provenance,
            Optional<DataReading> reading) {
        this(network, parameters, scaling, labels, provenance, reading, Optional.empty());
    }

    /** @param card empty in models of versions that wrote none, and of sweeps */
    TrainedModel(
            Network network,
            float[] parameters,
            Scaling scaling,
            List<String> labels,
            Provenance provenance,
            Optional<DataReading> reading,
            Optional<ModelCard> card) {
        if (parameters.length != network.parameterCount()) {
            throw new IllegalArgumentException(parameters.length + " parameters for the network " + network
                    + ", expected " + network.parameterCount());
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!Float.isFinite(parameters[i])) {
                throw new IllegalArgumentException(
                        "parameter " + i + " is " + parameters[i] + ", expected finite ones");
            }
        }
        if (scaling.name().equals("standard") && scaling.mean().length != network.features()) {
            throw new IllegalArgumentException("scaling of " + scaling.mean().length + " features for the network "
                    + network + ", expected " + network.features());
        }
        if (labels.size() != network.classes() || new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException(
                    "labels " + labels + ", expected " + network.classes() + " different ones");
        }
        this.network = network;
        this.parameters = parameters.clone();
        this.scaling = scaling;
        this.labels = List.copyOf(labels);
        this.provenance = Require.present(provenance, "provenance");
        this.reading = reading;
        this.card = card;
        this.weightsSha256 = WeightsDigest.of(network, parameters);
    }

    /** {@code "0", "1", …}: the labels of classes that have no other name. */
    public static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    public Network network() {
        return network;
    }

    /** A copy of theta.   [network.parameterCount()] */
    public float[] parameters() {
        return parameters.clone();
    }

    public Scaling scaling() {
        return scaling;
    }

    /** Name of each class, by its number. */
    public List<String> labels() {
        return labels;
    }

    public Provenance provenance() {
        return provenance;
    }

    /**
     * How its training rows were read; empty if they were not in a file, and for models of versions that did not record
     * it.
     */
    public Optional<DataReading> reading() {
        return reading;
    }

    /** What its users should know; empty in models of versions that wrote none, and of sweeps. */
    public Optional<ModelCard> card() {
        return card;
    }

    /** The same model with a card. */
    public TrainedModel with(ModelCard written) {
        return new TrainedModel(network, parameters, scaling, labels, provenance, reading, Optional.of(written));
    }

    /** {@link WeightsDigest} of the parameters. */
    public String weightsSha256() {
        return weightsSha256;
    }

    /** A copy of the parameters in the order of the published file. */
    float[] published() {
        return network.toPublished(parameters);
    }
}
