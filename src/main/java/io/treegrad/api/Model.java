package io.treegrad.api;

import io.treegrad.data.FloatRows;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Rows;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A published model that predicts rows one by one or in blocks.
 *
 * <pre>
 *   Model model = Model.load(Path.of("output"));
 *   String label = model.predict(pixels).label();
 * </pre>
 *
 * <p>Rows are values as they were stored for the training, such as pixels from 0 to 255: the model scales them. A row
 * has the same outputs alone and among others. Immutable, for any number of threads.
 */
public final class Model {
    private static final int BLOCK = 256;

    private final TrainedModel model;
    /** theta.   [network.parameterCount()] */
    private final float[] parameters;
    /** Of each thread, since one has a megabyte of scratch, which takes longer to make than a row to predict. */
    private final ThreadLocal<Backpropagation> passes;

    private Model(TrainedModel model) {
        this.model = model;
        this.parameters = model.parameters();
        this.passes = ThreadLocal.withInitial(() -> new Backpropagation(model.network(), BLOCK));
    }

    /** A model that is in memory. */
    public static Model of(TrainedModel model) {
        return new Model(model);
    }

    /**
     * Reads and verifies a model on a local disk.
     *
     * @param path an output directory, of which the champion is read, or the directory of one version
     * @throws io.treegrad.common.UserError if there is no model, or if it is damaged; the message says what to do
     */
    public static Model load(Path path) throws IOException {
        Path current = path.resolve(ModelFiles.CURRENT);
        Path version = Files.exists(current)
                ? path.resolve("versions")
                        .resolve(ModelFiles.parseCurrent(Files.readAllBytes(current), current.toString()))
                : path;
        return new Model(ModelFiles.read(new LocalStorage(), version.toString()));
    }

    /** Values of a row. */
    public int features() {
        return model.network().features();
    }

    /** Names of the classes, in the order of {@link Prediction#outputs}; none of a model that predicts numbers. */
    public List<String> labels() {
        return model.labels();
    }

    /** SHA-256 of the parameters, as training prints it. */
    public String weightsSha256() {
        return model.weightsSha256();
    }

    /** @param row only read   [features] */
    public Prediction predict(float[] row) {
        return predict(new float[][] {row}).get(0);
    }

    /** Predictions in the order of the rows. {@code rows [any number][features]} are only read. */
    public List<Prediction> predict(float[][] rows) {
        List<Prediction> predictions = new ArrayList<>(rows.length);
        int width = model.network().outputs();
        for (int first = 0; first < rows.length; first += BLOCK) {
            int count = Math.min(BLOCK, rows.length - first);
            float[] outputs = passes.get().forward(parameters, batch(rows, first, count));
            for (int i = 0; i < count; i++) {
                predictions.add(new Prediction(model, Arrays.copyOfRange(outputs, i * width, (i + 1) * width)));
            }
        }
        return predictions;
    }

    private Batch batch(float[][] rows, int first, int count) {
        float[] values = new float[count * features()];
        for (int i = 0; i < count; i++) {
            float[] row = rows[first + i];
            if (row.length != features()) {
                throw new IllegalArgumentException(
                        "a row of " + row.length + " values, expected " + features() + " as the model was trained on");
            }
            System.arraycopy(row, 0, values, i * features(), row.length);
        }
        Rows block = new FloatRows(features(), values, new int[count]);
        Batch batch = block.newBatch(count);
        for (int i = 0; i < count; i++) {
            block.addTo(batch, i, model.scaling());
        }
        return batch;
    }
}
