package io.treegrad.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.treegrad.common.Sha256;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;

/** Reads an ONNX model back from its bytes, as a runtime would, before anybody else has to. */
final class OnnxCheck {
    private OnnxCheck() {}

    /**
     * Verifies that a graph is complete and holds the parameters of its model.
     *
     * @throws IllegalStateException if not, which is a bug
     */
    static void requireSound(ModelProto written, String weightsSha256) {
        ModelProto model;
        try {
            model = ModelProto.parseFrom(written.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the ONNX model cannot be read back", e);
        }
        GraphProto graph = model.getGraph();
        Set<String> known = new HashSet<>();
        graph.getInputList().forEach(input -> known.add(input.getName()));
        MessageDigest digest = Sha256.start();
        for (TensorProto tensor : graph.getInitializerList()) {
            known.add(tensor.getName());
            if (ParameterNames.isOne(tensor.getName())) {
                update(digest, tensor.getRawData());
            }
        }
        for (NodeProto node : graph.getNodeList()) {
            for (String input : node.getInputList()) {
                require(known.contains(input), node.getOpType() + " reads " + input + ", which nothing computes");
            }
            for (String output : node.getOutputList()) {
                require(known.add(output), output + " is computed twice");
            }
        }
        for (ValueInfoProto output : graph.getOutputList()) {
            require(known.contains(output.getName()), "nothing computes " + output.getName());
        }
        String found = Sha256.hex(digest);
        require(found.equals(weightsSha256), "its parameters are " + found + ", expected " + weightsSha256);
    }

    private static void update(MessageDigest digest, ByteString bytes) {
        bytes.asReadOnlyByteBufferList().forEach(digest::update);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("the ONNX model is wrong: " + otherwise);
        }
    }
}
