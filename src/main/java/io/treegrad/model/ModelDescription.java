package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.Scaling;
import io.treegrad.data.TableLabel;
import io.treegrad.network.Activation;
import io.treegrad.network.Layer;
import io.treegrad.network.Loss;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * {@code model.json}: everything about a model except its parameters.
 *
 * @param reading null if the rows were not in a file, and in models of versions that did not record it
 * @param card null in models of versions that wrote none, and of sweeps
 */
@JsonPropertyOrder({"schema", "weightsSha256", "network", "scaling", "labels", "reading", "provenance", "card"})
record ModelDescription(
        int schema,
        String weightsSha256,
        NetworkJson network,
        ScalingJson scaling,
        List<String> labels,
        @JsonInclude(JsonInclude.Include.NON_NULL) ReadingJson reading,
        Provenance provenance,
        @JsonInclude(JsonInclude.Include.NON_NULL) ModelCard card) {
    static final int SCHEMA = 1;

    ModelDescription {
        Require.sha256(weightsSha256, "weightsSha256");
        Require.present(network, "network");
        Require.present(scaling, "scaling");
        labels = elements(labels, "labels");
        Require.present(provenance, "provenance");
        for (MetricValues values : provenance.metrics().values()) {
            if (network.number == null && !values.has(Metric.ACCURACY)) {
                throw new IllegalArgumentException(
                        "accuracy is missing, expected it of a network that tells classes apart");
            }
        }
    }

    static ModelDescription of(TrainedModel model) {
        return new ModelDescription(
                SCHEMA,
                model.weightsSha256(),
                NetworkJson.of(model.network()),
                ScalingJson.of(model.scaling()),
                model.labels(),
                model.reading().map(ReadingJson::of).orElse(null),
                model.provenance(),
                model.card().orElse(null));
    }

    /**
     * @param widths n_0 … n_L
     * @param activations f_1 … f_L
     * @param bias whether the layers have biases: all have, or none
     * @param classWeights by what the loss of each class was multiplied; null where all counted the same
     * @param number what the output means if it predicts a number; null if outputs stand for classes
     */
    @JsonPropertyOrder({"widths", "activations", "bias", "loss", "classWeights", "number"})
    record NetworkJson(
            List<Integer> widths,
            List<String> activations,
            boolean bias,
            String loss,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<Float> classWeights,
            @JsonInclude(JsonInclude.Include.NON_NULL) NumberJson number) {
        NetworkJson {
            widths = elements(widths, "widths");
            activations = elements(activations, "activations");
            Require.present(loss, "loss");
            classWeights = classWeights == null ? null : elements(classWeights, "classWeights");
            if (classWeights != null && number != null) {
                throw new IllegalArgumentException("classWeights of a number, expected one of the two");
            }
            network(widths, activations, bias, loss, meaning(classWeights, number));
        }

        static NetworkJson of(Network network) {
            List<Integer> widths = new ArrayList<>(List.of(network.features()));
            List<String> activations = new ArrayList<>();
            for (Layer layer : network.layers()) {
                widths.add(layer.outputs());
                activations.add(layer.activation().label());
            }
            boolean bias = network.layers().get(0).hasBias();
            List<Float> weights = network.meaning() instanceof Meaning.OfClasses classes
                            && !classes.weights().isEmpty()
                    ? classes.weights()
                    : null;
            NetworkJson json = new NetworkJson(
                    widths, activations, bias, network.loss().label(), weights, NumberJson.of(network.meaning()));
            if (!json.network().equals(network)) {
                throw new IllegalArgumentException("network " + network + ", expected biases in all layers or in none");
            }
            return json;
        }

        Network network() {
            return network(widths, activations, bias, loss, meaning(classWeights, number));
        }

        private static Meaning meaning(List<Float> classWeights, NumberJson number) {
            if (number != null) {
                return new Meaning.OfNumbers(number.mean, number.deviation);
            }
            return classWeights == null ? Meaning.OfClasses.UNWEIGHTED : new Meaning.OfClasses(classWeights);
        }

        private static Network network(
                List<Integer> widths, List<String> activations, boolean bias, String loss, Meaning meaning) {
            List<Activation> functions = new ArrayList<>();
            for (String activation : activations) {
                functions.add(named(activation, Activation.values(), Activation::label, "activation"));
            }
            try {
                return Network.dense(widths, functions, bias, named(loss, Loss.values(), Loss::label, "loss"))
                        .meaning(meaning);
            } catch (UserError e) {
                // for the reader of a file this is bad data, not bad configuration
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /** The output a predicts {@code mean + deviation · a}. */
    @JsonPropertyOrder({"mean", "deviation"})
    record NumberJson(float mean, float deviation) {
        static NumberJson of(Meaning meaning) {
            return meaning instanceof Meaning.OfNumbers numbers
                    ? new NumberJson(numbers.mean(), numbers.deviation())
                    : null;
        }
    }

    /**
     * @param mean of each feature; empty unless the name is {@code standard}
     * @param deviation divisor of each feature; empty unless the name is {@code standard}
     */
    @JsonPropertyOrder({"name", "mean", "deviation"})
    record ScalingJson(String name, List<Float> mean, List<Float> deviation) {
        private static final List<String> NAMES = List.of("unit", "symmetric", "none", "standard");

        ScalingJson {
            Require.present(name, "name");
            mean = elements(mean, "mean");
            deviation = elements(deviation, "deviation");
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("scaling \"" + name + "\", expected one of " + NAMES);
            }
            if (!name.equals("standard") && !(mean.isEmpty() && deviation.isEmpty())) {
                throw new IllegalArgumentException("scaling " + name + " with means, expected none");
            }
            Scaling.of(name, FloatList.array(mean), FloatList.array(deviation));
        }

        static ScalingJson of(Scaling scaling) {
            return new ScalingJson(scaling.name(), FloatList.of(scaling.mean()), FloatList.of(scaling.deviation()));
        }

        Scaling scaling() {
            return Scaling.of(name, FloatList.array(mean), FloatList.array(deviation));
        }
    }

    /**
     * @param format of {@link DataFormat}
     * @param label as {@link TableLabel#text} writes it; null for formats that store labels separately
     * @param labelName its name in the header; null without a header
     * @param dropped columns that were left out, by name or number; null if there are none
     * @param weight column that says how many rows each row counts as, by name or number; null if there is none
     * @param transposed whether lines and columns of pictures were exchanged; null if not
     * @param features names of the columns of values; null without a header
     */
    @JsonPropertyOrder({"format", "label", "labelName", "dropped", "weight", "transposed", "features"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReadingJson(
            String format,
            String label,
            String labelName,
            List<String> dropped,
            String weight,
            Boolean transposed,
            List<String> features) {
        ReadingJson {
            Require.present(format, "format");
            dropped = dropped == null ? null : elements(dropped, "dropped");
            features = features == null ? null : elements(features, "features");
            reading(format, label, labelName, dropped, weight, transposed, features);
        }

        static ReadingJson of(DataReading reading) {
            boolean csv = reading.format().isTable();
            return new ReadingJson(
                    reading.format().label(),
                    csv ? reading.label().text() : null,
                    reading.labelName().isEmpty() ? null : reading.labelName(),
                    reading.dropped().isEmpty() ? null : reading.dropped(),
                    reading.weight().isEmpty() ? null : reading.weight(),
                    reading.transposed() ? Boolean.TRUE : null,
                    reading.features().isEmpty() ? null : reading.features());
        }

        DataReading reading() {
            return reading(format, label, labelName, dropped, weight, transposed, features);
        }

        private static DataReading reading(
                String format,
                String label,
                String labelName,
                List<String> dropped,
                String weight,
                Boolean transposed,
                List<String> features) {
            DataFormat known = named(format, DataFormat.values(), DataFormat::label, "format");
            if (!known.isTable()) {
                if (label != null || labelName != null || features != null) {
                    throw new IllegalArgumentException("format " + format + " with columns of a table, expected none");
                }
                return new DataReading(
                        known, TableLabel.NONE, "", List.of(), "", transposed != null && transposed, List.of());
            }
            TableLabel place = TableLabel.parse(Require.present(label, "label"))
                    .filter(found -> !found.equals(TableLabel.NONE))
                    .orElseThrow(() -> new IllegalArgumentException("label \"" + label
                            + "\", expected first, last, one-hot:N or the number of a column from 2"));
            return new DataReading(
                    known,
                    place,
                    labelName == null ? "" : labelName,
                    dropped == null ? List.of() : dropped,
                    weight == null ? "" : weight,
                    false,
                    features == null ? List.of() : features);
        }
    }

    private static <E> E named(String label, E[] all, Function<E, String> name, String what) {
        for (E one : all) {
            if (name.apply(one).equals(label)) {
                return one;
            }
        }
        throw new IllegalArgumentException(what + " \"" + label + "\", expected one of "
                + Arrays.stream(all).map(name).toList());
    }

    private static <T> List<T> elements(List<T> list, String name) {
        for (T element : Require.present(list, name)) {
            Require.present(element, "an element of " + name);
        }
        return List.copyOf(list);
    }
}
