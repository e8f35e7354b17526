package io.treegrad.testing;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What ONNX Runtime makes of a file and some rows.
 *
 * @param outputs row by row
 * @param classes of each row; none if numbers are predicted
 * @param metadata of the file
 */
public record OnnxRuntime(List<float[]> outputs, List<Long> classes, Map<String, String> metadata) {
    /** @param rows values as they are stored   [rows × n_0] */
    public static OnnxRuntime run(byte[] file, float[][] rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file);
                OnnxTensor input = OnnxTensor.createTensor(environment, rows);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            float[][] outputs = (float[][]) result.get("outputs").orElseThrow().getValue();
            long[] classes = result.get("class").isPresent()
                    ? (long[]) result.get("class").get().getValue()
                    : new long[0];
            return new OnnxRuntime(
                    List.of(outputs),
                    Arrays.stream(classes).boxed().toList(),
                    Map.copyOf(session.getMetadata().getCustomMetadata()));
        }
    }
}
