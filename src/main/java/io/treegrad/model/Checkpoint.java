package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import io.treegrad.network.Counts;
import io.treegrad.training.EpochResult;
import io.treegrad.training.LossTrace;
import io.treegrad.training.Metric;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a training between two steps, and the directory that stores it:
 *
 * <pre>
 *   state.safetensors   parameters [n], optimizer.0 [n], …, best.parameters [n], losses [points]
 *   meta.json           everything else
 *   _SUCCESS            the {@link Manifest} of both
 * </pre>
 */
public final class Checkpoint {
    /** The file of its vectors. */
    public static final String STATE = "state.safetensors";

    private static final String META = "meta.json";
    /** 4: the sums of the epoch in progress carry the weights of their rows. */
    private static final int SCHEMA = 4;

    private static final int MAX_META_BYTES = 1 << 28;
    private static final String PARAMETERS = "parameters";
    private static final String OPTIMIZER_STATE = "optimizer.";
    private static final String BEST = "best.parameters";
    private static final String LOSSES = "losses";
    private static final Map<String, String> FORMAT = Map.of("format", "treegrad.checkpoint", "version", "1");

    private final Fingerprint fingerprint;
    private final Map<String, String> platform;
    private final TrainingState state;

    /**
     * @param platform what may change the result besides data and settings, by name: the version of the program
     * @param state kept, not copied
     */
    public Checkpoint(Fingerprint fingerprint, Map<String, String> platform, TrainingState state) {
        this.fingerprint = fingerprint;
        this.platform = Require.sorted(platform, "platform");
        this.state = state;
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    public Map<String, String> platform() {
        return platform;
    }

    /** The state itself, not a copy: continuing from it changes it. */
    public TrainingState state() {
        return state;
    }

    /** The part of a state that is not a vector. Its components are the fields of {@code meta.json}. */
    @JsonPropertyOrder({"schema", "step", "fingerprint", "platform", "sums", "losses", "best", "epochs"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Meta(
            int schema,
            long step,
            Fingerprint fingerprint,
            Map<String, String> platform,
            Counts sums,
            Losses losses,
            Best best,
            EpochHistory epochs) {
        Meta {
            Require.atLeast(0, step, "step");
            Require.present(fingerprint, "fingerprint");
            platform = Require.sorted(platform, "platform");
            Require.present(sums, "sums");
            Require.present(losses, "losses");
            Require.present(epochs, "epochs");
        }
    }

    private record Losses(long stepsPerPoint, double openSum, long openSteps) {}

    private record Best(long epoch, double meanLoss) {}

    /** The files to write, by name, before their manifest. The state must not change until they are written. */
    public Map<String, FileContent> contents() {
        Map<String, FileContent> contents = new LinkedHashMap<>();
        TrainingState.Best best = state.best();
        LossTrace losses = state.losses();
        SafeTensors tensors = tensors();
        byte[] meta = Json.page(new Meta(
                SCHEMA,
                state.step(),
                fingerprint,
                platform,
                state.sums(),
                new Losses(losses.stepsPerPoint(), losses.openSum(), losses.openSteps()),
                best == null ? null : new Best(best.epoch(), best.meanLoss()),
                new EpochHistory(state.epochs())));
        contents.put(STATE, tensors::writeTo);
        contents.put(META, out -> out.write(meta));
        return contents;
    }

    private SafeTensors tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(PARAMETERS, Tensor.vector(state.parameters()));
        for (int i = 0; i < state.optimizerState().length; i++) {
            tensors.put(OPTIMIZER_STATE + i, Tensor.vector(state.optimizerState()[i]));
        }
        if (state.best() != null) {
            tensors.put(BEST, Tensor.vector(state.best().parameters()));
        }
        tensors.put(LOSSES, Tensor.vector(state.losses().points()));
        return new SafeTensors(FORMAT, tensors);
    }

    /**
     * Reads the checkpoint in a directory, bit for bit as it was written.
     *
     * @throws UserError INPUT_MISSING if the directory is unfinished; BAD_DATA if it is damaged; BAD_CONFIGURATION if
     *     another version of the program wrote it
     */
    public static Checkpoint read(Storage storage, String directory) throws IOException {
        Manifest manifest = Manifest.verified(storage, directory);
        for (String name : List.of(STATE, META)) {
            if (!manifest.files().containsKey(name)) {
                throw Json.damaged(
                        directory + "/" + Manifest.FILE, "it does not name " + name, "the files of a checkpoint");
            }
        }
        Meta meta = meta(storage, directory + "/" + META);
        String path = directory + "/" + STATE;
        Map<String, Tensor> tensors = tensors(storage, path);
        float[] parameters = vector(tensors, PARAMETERS, -1, path);
        float[][] optimizerState = new float
                [(int) tensors.keySet().stream()
                        .filter(name -> name.startsWith(OPTIMIZER_STATE))
                        .count()][];
        for (int i = 0; i < optimizerState.length; i++) {
            optimizerState[i] = vector(tensors, OPTIMIZER_STATE + i, parameters.length, path);
        }
        TrainingState.Best best = meta.best == null
                ? null
                : new TrainingState.Best(
                        meta.best.epoch, meta.best.meanLoss, vector(tensors, BEST, parameters.length, path));
        float[] points = vector(tensors, LOSSES, -1, path);
        if (!tensors.isEmpty()) {
            throw Json.damaged(path, "it also holds " + tensors.keySet(), "only what " + META + " describes");
        }
        try {
            LossTrace losses =
                    new LossTrace(points, meta.losses.stepsPerPoint, meta.losses.openSum, meta.losses.openSteps);
            return new Checkpoint(
                    meta.fingerprint,
                    meta.platform,
                    new TrainingState(
                            parameters, optimizerState, meta.step, meta.sums, meta.epochs.epochs(), best, losses));
        } catch (IllegalArgumentException e) {
            throw Json.damaged(path, e.getMessage(), "a state that agrees with " + META);
        }
    }

    /** The validation loss of the epoch that ends here; infinite in the middle of an epoch and without validation. */
    public double validationLoss() {
        return validationLoss(state.sums(), state.epochs());
    }

    /** The same for a checkpoint in storage, without reading its tensors. */
    public static double validationLoss(Storage storage, String directory) throws IOException {
        Meta meta = meta(storage, directory + "/" + META);
        return validationLoss(meta.sums, meta.epochs.epochs());
    }

    private static double validationLoss(Counts sums, List<EpochResult> epochs) {
        return sums.rows() > 0 || epochs.isEmpty()
                ? Double.POSITIVE_INFINITY
                : epochs.get(epochs.size() - 1)
                        .validated()
                        .map(values -> values.get(Metric.LOSS))
                        .orElse(Double.POSITIVE_INFINITY);
    }

    private static Meta meta(Storage storage, String path) throws IOException {
        byte[] bytes = Manifest.bounded(storage, path, MAX_META_BYTES);
        OtherSchema.refuse(bytes, SCHEMA, path, "start again", "resume"); // the older checkpoints are like this one
        return Json.read(bytes, SCHEMA, Meta.class, path);
    }

    private static Map<String, Tensor> tensors(Storage storage, String path) throws IOException {
        try (InputStream in = storage.open(path)) {
            SafeTensors file = SafeTensors.read(in, storage.length(path), path);
            if (!file.metadata().equals(FORMAT)) {
                throw Json.damaged(path, "metadata is " + file.metadata(), FORMAT.toString());
            }
            return new LinkedHashMap<>(file.tensors());
        }
    }

    /** Removes a tensor and returns its values; a negative length accepts any. */
    private static float[] vector(Map<String, Tensor> tensors, String name, int length, String path) {
        Tensor tensor = tensors.remove(name);
        if (tensor == null || tensor.shape().size() != 1 || (length >= 0 && tensor.size() != length)) {
            throw Json.damaged(
                    path,
                    "tensor " + name + (tensor == null ? " is missing" : " has shape " + tensor.shape()),
                    "a vector that matches " + META + " and the parameters");
        }
        return tensor.toArray();
    }
}
