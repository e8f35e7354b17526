package io.treegrad.api;

import java.io.IOException;
import java.nio.file.Path;

/**
 * An example: loads a model and predicts the row that is given as words.
 *
 * <pre>
 *   java -cp treegrad-0.1.0.jar:jackson-core.jar:jackson-databind.jar:jackson-annotations.jar:. PredictOneRow output 1 2 3
 * </pre>
 */
final class PredictOneRow {
    private PredictOneRow() {}

    public static void main(String[] words) throws IOException {
        Model model = Model.load(Path.of(words[0]));
        float[] row = new float[model.features()];
        for (int i = 0; i < row.length; i++) {
            row[i] = Float.parseFloat(words[i + 1]);
        }
        Prediction prediction = model.predict(row);
        System.out.print(prediction.label());
        for (float output : prediction.outputs()) {
            System.out.print(" " + output);
        }
        System.out.println();
    }
}
