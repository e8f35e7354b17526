package io.treegrad.api;

import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.Network;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A published model that predicts rows one by one or in blocks.
 *
 * <pre>
 *   Model model = Model.load(Path.of("output"));
 *   String label = model.predict(pixels).label();
 * </pre>
 *
 * <p>Rows are values as they were stored for the training, such as pixels from 0 to 255: the model scales them. A row
 * has the same outputs alone and among others. Immutable, for any number of threads. Spark can send it to tasks; it is
 * kept in files as {@code train} writes them, never serialized.
 */
public final class Model implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int BLOCK = 256;

    private final Network network;
    /** theta.   [network.parameterCount()] */
    private final float[] parameters;

    private final Scaling scaling;
    private final List<String> labels;
    private final String weightsSha256;
    /** Of each thread, since one has a megabyte of scratch, which takes longer to make than a row to predict. */
    private final transient ThreadLocal<Backpropagation> passes;

    private Model(Network network, float[] parameters, Scaling scaling, List<String> labels, String weightsSha256) {
        this.network = network;
        this.parameters = parameters;
        this.scaling = scaling;
        this.labels = labels;
        this.weightsSha256 = weightsSha256;
        this.passes = ThreadLocal.withInitial(() -> new Backpropagation(network, BLOCK));
    }

    /** A model that is in memory. */
    public static Model of(TrainedModel model) {
        return new Model(model.network(), model.parameters(), model.scaling(), model.labels(), model.weightsSha256());
    }

    /** With scratch of its own where it has arrived. */
    private Object readResolve() {
        return new Model(network, parameters, scaling, labels, weightsSha256);
    }

    /**
     * Reads and verifies a model on a local disk.
     *
     * @param path an output directory, of which the champion is read, or the directory of one version
     * @throws UserError if there is no model, or if it is damaged; the message says what to do
     */
    public static Model load(Path path) throws IOException {
        Path current = path.resolve(ModelFiles.CURRENT);
        if (Stream.of(ModelFiles.CURRENT, ModelFiles.WEIGHTS, ModelFiles.DESCRIPTION)
                .noneMatch(file -> Files.exists(path.resolve(file)))) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path
                            + ": there is no model, expected an output directory of train, with a file CURRENT in it, or the"
                            + " directory of one of its versions. Check the path, or train first.");
        }
        Path version = Files.exists(current)
                ? path.resolve("versions")
                        .resolve(ModelFiles.parseCurrent(Files.readAllBytes(current), current.toString()))
                : path;
        return of(ModelFiles.read(new LocalStorage(), version.toString()));
    }

    /** Values of a row. */
    public int features() {
        return network.features();
    }

    /** Names of the classes, in the order of {@link Prediction#outputs}; none of a model that predicts numbers. */
    public List<String> labels() {
        return labels;
    }

    /** SHA-256 of the parameters, as training prints it. */
    public String weightsSha256() {
        return weightsSha256;
    }

    /**
     * @param row only read, all finite   [features]
     * @throws IllegalArgumentException for a row of another length, or with a value that is not finite
     */
    public Prediction predict(float[] row) {
        return predict(new float[][] {row}).get(0);
    }

    /**
     * Predictions in the order of the rows.
     *
     * @param rows only read, all finite   [any number][features]
     * @throws IllegalArgumentException for a row of another length, or with a value that is not finite
     */
    public List<Prediction> predict(float[][] rows) {
        List<Prediction> predictions = new ArrayList<>(rows.length);
        int width = network.outputs();
        for (int first = 0; first < rows.length; first += BLOCK) {
            int count = Math.min(BLOCK, rows.length - first);
            float[] outputs = passes.get().forward(parameters, batch(rows, first, count));
            for (int i = 0; i < count; i++) {
                predictions.add(
                        new Prediction(network, labels, Arrays.copyOfRange(outputs, i * width, (i + 1) * width)));
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
            requireFinite(row);
            System.arraycopy(row, 0, values, i * features(), row.length);
        }
        Rows block = new FloatRows(features(), values, new int[count]);
        Batch batch = block.newBatch(count);
        for (int i = 0; i < count; i++) {
            block.addTo(batch, i, scaling);
        }
        return batch;
    }

    /** Of others the outputs would mean nothing, as training and {@code predict} refuse them. */
    private static void requireFinite(float[] row) {
        for (int i = 0; i < row.length; i++) {
            if (!Float.isFinite(row[i])) {
                throw new IllegalArgumentException(
                        "a row whose value " + i + " is " + row[i] + ", expected finite numbers");
            }
        }
    }
}
