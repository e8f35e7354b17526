package io.treegrad.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.treegrad.common.UserError;
import io.treegrad.data.Scaling;
import io.treegrad.network.Activation;
import io.treegrad.network.Layer;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A model in the Open Neural Network Exchange format, which runtimes of other languages and devices read.
 *
 * <pre>
 *   input    float [rows × n_0]   values as they are stored, such as pixels from 0 to 255: the graph scales them
 *   outputs  float [rows × n_L]   outputs of the network, or the numbers that it predicts, as {@code predict} writes them
 *   class    int64 [rows]         number of the predicted class; its name is in the metadata "labels", a JSON list; not
 *                                 there if numbers are predicted
 * </pre>
 *
 * <p>Weights and biases have the names and the order of {@code model.safetensors}. Operator set 13 (2020) has every
 * operator that is needed, so that all runtimes since then read the file.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/IR.md">Open Neural Network Exchange, intermediate
 *     representation</a>
 */
public final class OnnxModel {
    private static final int IR_VERSION = 7;
    private static final int OPERATOR_SET = 13;

    private static final String INPUT = "input";
    private static final String OUTPUTS = "outputs";
    private static final String CLASS = "class";
    private static final String ROWS = "rows";

    /** A protobuf message holds less than 2 GiB; the rest is for everything that is not a weight. */
    private static final long MOST_PARAMETERS = ((1L << 31) - (1 << 24)) / Float.BYTES;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("treegrad");

    private OnnxModel() {}

    /** Whether a file of this format can hold the network. */
    static boolean canHold(Network network) {
        return network.parameterCount() <= MOST_PARAMETERS;
    }

    /**
     * The content of the file, verified.
     *
     * @throws UserError BAD_CONFIGURATION if the network is too large for this format
     */
    public static FileContent of(TrainedModel model) {
        requireHeld(model.network());
        ModelProto message = message(model);
        OnnxCheck.requireSound(message, model.weightsSha256());
        return message::writeTo;
    }

    static void requireHeld(Network network) {
        if (!canHold(network)) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "The network %s has %,d parameters, expected at most %,d: an ONNX file holds less than 2 GiB. Use its safetensors file."
                            .formatted(network, network.parameterCount(), MOST_PARAMETERS));
        }
    }

    private static ModelProto message(TrainedModel model) {
        Network network = model.network();
        String labels = new String(Json.line(model.labels()), StandardCharsets.US_ASCII);
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
                .setProducerName("treegrad")
                .setProducerVersion(model.provenance().treegrad())
                .setDocString("Multilayer perceptron " + network + ". The input is not scaled.")
                .addMetadataProps(metadata("labels", labels))
                .addMetadataProps(metadata("weightsSha256", model.weightsSha256()))
                .setGraph(new OnnxModel().graph(network, model.published(), model.scaling()))
                .build();
    }

    private static StringStringEntryProto metadata(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** @param published parameters in the order of the published file */
    private GraphProto graph(Network network, float[] published, Scaling scaling) {
        graph.addInput(value(INPUT, TensorProto.DataType.FLOAT, network.features()));
        String activations = scaled(scaling);
        List<Layer> layers = network.layers();
        for (int l = 0; l < layers.size(); l++) {
            boolean isResult = l == layers.size() - 1 && network.task() == Task.CLASSIFICATION;
            String outputs = isResult ? OUTPUTS : "layers." + l + ".outputs";
            activations = layer(layers.get(l), l, published, activations, outputs);
        }
        graph.addOutput(value(OUTPUTS, TensorProto.DataType.FLOAT, network.outputs()));
        if (network.meaning() instanceof Meaning.OfNumbers numbers) {
            String spread =
                    node("Mul", "number.centred", activations, constant("number.deviation", numbers.deviation()));
            node("Add", OUTPUTS, spread, constant("number.mean", numbers.mean()));
        } else {
            predictedClass(network.outputs());
            graph.addOutput(value(CLASS, TensorProto.DataType.INT64));
        }
        return graph.build();
    }

    /** Adds the nodes of {@link Scaling#apply}; returns the name of what they compute. */
    private String scaled(Scaling scaling) {
        return switch (scaling.name()) {
            case "none" -> INPUT;
            case "unit" -> unit();
            case "symmetric" -> {
                String doubled = node("Mul", "input.doubled", unit(), constant("two", 2));
                yield node("Sub", "input.scaled", doubled, constant("one", 1));
            }
            case "standard" -> {
                constant("mean", scaling.mean(), 0, scaling.mean().length);
                constant("deviation", scaling.deviation(), 0, scaling.deviation().length);
                yield node("Div", "input.scaled", node("Sub", "input.centred", INPUT, "mean"), "deviation");
            }
            default -> throw new IllegalStateException("scaling " + scaling + " has no nodes");
        };
    }

    private String unit() {
        return node("Div", "input.unit", INPUT, constant("largest", 255));
    }

    /** Adds {@code f_l(x W_l + b_l)} for {@code x [rows × n_{l-1}]}; returns {@code outputs}. */
    private String layer(Layer layer, int number, float[] published, String inputs, String outputs) {
        String weight = ParameterNames.weight(number);
        constant(weight, published, layer.weightsOffset(), layer.outputs(), layer.inputs());
        boolean identity = layer.activation() == Activation.IDENTITY;
        String sums = identity ? outputs : "layers." + number + ".sums";
        NodeProto.Builder product = NodeProto.newBuilder()
                .setOpType("Gemm")
                .addInput(inputs)
                .addInput(weight)
                .addOutput(sums)
                .addAttribute(whole("transB", 1));
        if (layer.hasBias()) {
            constant(ParameterNames.bias(number), published, layer.biasesOffset(), layer.outputs());
            product.addInput(ParameterNames.bias(number));
        }
        graph.addNode(product);
        return switch (layer.activation()) {
            case IDENTITY -> outputs;
            case SIGMOID -> node("Sigmoid", outputs, sums);
            case TANH -> node("Tanh", outputs, sums);
            case RELU -> node("Relu", outputs, sums);
            case SOFTMAX -> node("Softmax", outputs, sums);
        };
    }

    /** Adds {@link Network#predicted}: the first of the largest outputs, or whether a single output is at least ½. */
    private void predictedClass(int width) {
        if (width == 1) {
            String flat = "outputs.flat";
            graph.addInitializer(TensorProto.newBuilder()
                    .setName("flat")
                    .setDataType(TensorProto.DataType.INT64.getNumber())
                    .addDims(1)
                    .addInt64Data(-1));
            node("Reshape", flat, OUTPUTS, "flat");
            node("GreaterOrEqual", "class.reached", flat, constant("half", 0.5f));
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Cast")
                    .addInput("class.reached")
                    .addOutput(CLASS)
                    .addAttribute(whole("to", TensorProto.DataType.INT64.getNumber())));
        } else {
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("ArgMax")
                    .addInput(OUTPUTS)
                    .addOutput(CLASS)
                    .addAttribute(whole("axis", 1))
                    .addAttribute(whole("keepdims", 0)));
        }
    }

    private String node(String operator, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output));
        return output;
    }

    private String constant(String name, float value) {
        constant(name, new float[] {value}, 0);
        return name;
    }

    /** Adds as many of these values as the shape has elements. */
    private void constant(String name, float[] values, int from, int... shape) {
        int count = 1;
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        for (int extent : shape) {
            tensor.addDims(extent);
            count *= extent;
        }
        ByteString.Output bytes = ByteString.newOutput(count * Float.BYTES);
        write(values, from, count, bytes);
        graph.addInitializer(tensor.setRawData(bytes.toByteString()));
    }

    private static void write(float[] values, int from, int count, OutputStream out) {
        try {
            LittleEndianFloats.write(values, from, count, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static AttributeProto whole(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    /** A tensor of any number of rows. */
    private static ValueInfoProto value(String name, TensorProto.DataType type, int... extents) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(ROWS));
        for (int extent : extents) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(extent));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
