package io.treegrad.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.Scaling;
import io.treegrad.data.TableLabel;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesTest {
    private static final String DIRECTORY = "out/versions/1-a";
    private static final String WEIGHTS = DIRECTORY + "/model.safetensors";
    private static final String DESCRIPTION = DIRECTORY + "/model.json";
    private static final String SUCCESS = DIRECTORY + "/_SUCCESS";

    private final TrainedModel model = SmallModel.create();
    private final MemoryStorage storage;

    ModelFilesTest() throws IOException {
        storage = MemoryStorage.holding(DIRECTORY, ModelFiles.contents(model));
    }

    @Test
    void everyModelComesBackBitForBit() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 300; round++) {
            TrainedModel written = randomModel(random);
            TrainedModel read = ModelFiles.read(MemoryStorage.holding("m", ModelFiles.contents(written)), "m");
            String replay = "round " + round + ", seed " + seed;
            assertEquals(written.weightsSha256(), read.weightsSha256(), replay);
            assertEquals(written.weightsSha256(), WeightsDigest.of(read.network(), read.parameters()), replay);
            assertEquals(written.network(), read.network(), replay);
            assertEquals(written.scaling(), read.scaling(), replay);
            assertArrayEquals(written.scaling().mean(), read.scaling().mean(), replay);
            assertEquals(written.labels(), read.labels(), replay);
            assertEquals(written.provenance(), read.provenance(), replay);
        }
    }

    @Test
    void laterChangesOfTheArrayDoNotReachTheModel() {
        model.parameters()[0] = 77;
        assertEquals(0.5f, model.parameters()[0]);
    }

    @Test
    void directoryWithoutItsLastFileIsNotRead() {
        storage.remove(SUCCESS);
        UserError error = assertThrows(UserError.class, () -> ModelFiles.read(storage, DIRECTORY));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertTrue(error.getMessage().contains("no _SUCCESS"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {WEIGHTS, DESCRIPTION})
    void fileThatIsNotAsItWasWrittenIsRefused(String path) throws IOException {
        byte[] good = storage.get(path);
        byte[] flipped = good.clone();
        for (int at = 0; at < good.length; at++) {
            flipped[at] ^= (byte) (1 << (at % 8));
            storage.put(path, flipped);
            refused(path + ": SHA-256 is ");
            flipped[at] = good[at];
        }
        storage.put(path, Arrays.copyOf(good, good.length - 1));
        refused("the file has " + (good.length - 1) + " bytes, expected " + good.length);
        storage.remove(path);
        refused(path + ": the file is missing");
        storage.put(path, good);
        ModelFiles.read(storage, DIRECTORY);
    }

    @Test
    void noFlippedBitOfTheManifestGoesUnseen() {
        byte[] good = storage.get(SUCCESS);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            storage.put(SUCCESS, flipped);
            UserError error = assertThrows(
                    UserError.class, () -> ModelFiles.read(storage, DIRECTORY), () -> new String(flipped, UTF_8));
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
        }
        for (int length = 0; length < good.length; length++) {
            storage.put(SUCCESS, Arrays.copyOf(good, length));
            refused(SUCCESS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'schema':1,'files':{}}",
                "{'schema':1,'files':{'../a':{'size':1,'sha256':'%s'}}}",
                "{'schema':1,'files':{'a/b':{'size':1,'sha256':'%s'}}}",
                "{'schema':1,'files':{'_SUCCESS':{'size':1,'sha256':'%s'}}}",
                "{'schema':1,'files':{'a':{'size':-1,'sha256':'%s'}}}",
                "{'schema':1,'files':{'a':{'size':1.5,'sha256':'%s'}}}",
                "{'schema':1,'files':{'a':{'size':'1','sha256':'%s'}}}",
                "{'schema':1,'files':{'a':{'sha256':'%s'}}}",
                "{'schema':1,'files':{'a':{'size':1}}}",
                "{'schema':1,'files':{'a':{'size':1,'sha256':'x%s'}}}",
                "{'schema':1,'files':{'a':null}}",
                "{'schema':1,'files':[]}",
                "{'schema':1}",
                "{'files':{'a':{'size':1,'sha256':'%s'}}}",
                "{'schema':'1','files':{'a':{'size':1,'sha256':'%s'}}}",
                "{'schema':1,'files':{'a':{'size':1,'sha256':'%s'}},'more':0}",
                "null",
                ""
            })
    void manifestOfAnotherFormIsRefused(String json) {
        storage.put(
                SUCCESS, json.replace('\'', '"').replace("%s", "0".repeat(64)).getBytes(UTF_8));
        refused(SUCCESS);
    }

    @Test
    void otherSchemaIsRefusedWithBothNumbers() throws IOException {
        edit("\"schema\": 1", "\"schema\": 2");
        refused(DESCRIPTION + ": schema is 2, expected 1. Use the treegrad version that wrote the file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "schema": 1, | | field schema is missing
            "schema": 1 | "schema": "1" | field schema is 1, expected the number
            "schema": 1 | "schema": 1.0 | field schema is 1.0, expected the number
            "bias": true | "bias": 1 | field network.bias holds "1"
            "bias": true | "bias": "true" | field network.bias is
            "bias": true, | | field network.bias is
            "bias": true | "bias": true, "more": 1 | field network.more is unknown
            "bias": true | "bias": true, "bias": true | Duplicate field 'bias'
            "bias": true | "bias": false | it also holds [layers.0.bias, layers.1.bias]
            "loss": "cross-entropy" | "loss": "hinge" | loss "hinge", expected one of [cross-entropy,
            "loss": "cross-entropy" | "loss": "binary-cross-entropy" | binary-cross-entropy with output activation softmax
            "relu" | "softmax" | softmax as the activation of a hidden layer
            "relu" | "selu" | activation "selu", expected one of [sigmoid,
            "relu" | 7 | field network.activations[0]
            "relu", | | 3 widths and 1 activations
            [ 3, 2, 2 ] | [ 4, 2, 2 ] | layers.0.weight has shape [2, 3], expected shape [2, 4]
            [ 3, 2, 2 ] | [ 3, 0, 2 ] | each must be at least 1
            [ 3, 2, 2 ] | [ 3, -2, 2 ] | each must be at least 1
            [ 3, 2, 2 ] | [ 3, 2.5, 2 ] | field network.widths[1]
            [ 3, 2, 2 ] | [ 3, null, 2 ] | an element of widths is missing
            [ 3, 2, 2 ] | [ 2000000000, 2000000000, 2 ] | more than 2^31 parameters
            [ 3, 2, 2 ] | [ 40000, 40000, 2 ] | layers.0.weight has shape [2, 3], expected shape [40000, 40000]
            [ 3, 2, 2 ] | [] | 0 widths and 2 activations
            "standard" | "unit" | scaling unit with means
            "standard" | "zscore" | scaling "zscore", expected one of [unit,
            "mean": [ 0.1, | "mean": [ | There are 2 means and 3 deviations
            "mean": [ 0.1, | "mean": [ 1e39, | Feature 0 has mean Infinity
            "mean": [ 0.1, | "mean": [ NaN, | (line 12, column 18), expected well-formed JSON
            "mean": [ 0.1, | "mean": [ "0.1", | field scaling.mean[0]
            "no", | | labels [größer], expected 2 different
            "no" | "größer" | expected 2 different ones
            "no" | null | an element of labels is missing
            "shards": 4 | "shards": 0 | shards is 0, expected at least 1
            "shards": 4 | "shards": 4000000000 | field provenance.shards is out of range
            "shards": 4 | "shards": 4.0 | field provenance.shards
            "seed": -7000000000000000001 | "seed": -70000000000000000010 | field provenance.seed is out of range
            "seed": -7000000000000000001, | | field provenance.seed
            "seconds": 1.5 | "seconds": -1.5 | seconds is -1.5, expected a finite number
            "seconds": 1.5 | "seconds": 1e999 | seconds is Infinity
            "engine": "tree" | "engine": " " | engine is blank
            "engine": "tree" | "engine": null | engine is missing
            "engine": "tree" | "engine": 4 | field provenance.engine
            "2026-01-31T12:00:00Z" | "yesterday" | started is "yesterday", expected a time
            "hidden": "2" | "hidden": 2 | field provenance.settings.hidden
            "hidden": "2" | "hidden": null | settings of hidden is missing
            "accuracy": 0.75 | "accuracy": 1.75 | accuracy is 1.75, expected 0 to 1
            "accuracy": 0.75 | "accuracy": null | accuracy is missing, expected 0 to 1
            "accuracy": 0.75 | "accuracy": "0.75" | field provenance.metrics.test.accuracy
            "accuracy": 0.75 | "auc": 0.75 | accuracy is missing
            "accuracy": 0.75 | "accuracy": 0.75, "auc": -1 | auc is -1.0, expected 0 to 1
            "loss": 0.25 | "loss": 1e999 | loss is Infinity, expected a finite number from 0 up
            "validation": 0 | "valid": 0 | field provenance.data.rows holds "valid"
            "validation": 0 | "validation": -1 | rows of validation is -1
            "kind": "csv", | | kind is missing
            """)
    void descriptionOfAnotherFormIsRefused(String found, String replacement, String sentence) throws IOException {
        edit(found, replacement == null ? "" : replacement);
        refused(sentence);
    }

    @Test
    void descriptionIsReadWithBoundedDepth() throws IOException {
        edit("\"schema\"", "\"deep\": " + "[".repeat(100_000));
        refused("nesting depth");
    }

    @Test
    void noDamageOfTheDescriptionEndsInAnythingButAUserError() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        byte[] good = storage.get(DESCRIPTION);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = Arrays.copyOf(good, round % 10 == 0 ? random.nextInt(good.length) : good.length);
            for (int damage = 1 + random.nextInt(3); damage > 0 && damaged.length > 0; damage--) {
                int at = random.nextInt(damaged.length);
                // half of the time a byte that JSON has a use for
                damaged[at] = random.nextInt(2) == 0 ? (byte) random.nextLong() : good[random.nextInt(good.length)];
            }
            storage.forge(DIRECTORY, ModelFiles.DESCRIPTION, damaged);
            try {
                ModelFiles.read(storage, DIRECTORY);
            } catch (UserError e) {
                assertEquals(UserError.Kind.BAD_DATA, e.kind());
            } catch (RuntimeException e) {
                fail("round " + round + ", seed " + seed, e);
            }
        }
    }

    @Test
    void weightsOfAnotherTrainingAreRefused() throws IOException {
        float[] others = model.parameters();
        others[3]++;
        TrainedModel other =
                new TrainedModel(model.network(), others, model.scaling(), model.labels(), model.provenance());
        MemoryStorage otherStorage = MemoryStorage.holding(DIRECTORY, ModelFiles.contents(other));
        storage.forge(DIRECTORY, ModelFiles.WEIGHTS, otherStorage.get(WEIGHTS));
        refused("metadata is ");
    }

    @Test
    void weightsThatAreNotThoseOfTheirDigestAreRefused() throws IOException {
        byte[] weights = storage.get(WEIGHTS);
        // the last float is the bias 3.4028235e38
        weights[weights.length - 4]--;
        storage.forge(DIRECTORY, ModelFiles.WEIGHTS, weights);
        refused("weightsSha256 is ");
    }

    @Test
    void manifestHasToNameTheFilesOfAModel() throws IOException {
        storage.remove(DESCRIPTION);
        storage.forge(DIRECTORY, "model.onnx", new byte[5]);
        refused("it does not name model.json");
    }

    @Test
    void furtherFilesAreVerifiedToo() throws IOException {
        Map<String, FileContent> contents = new LinkedHashMap<>(ModelFiles.contents(model));
        contents.put("model.onnx", out -> out.write(new byte[100_000]));
        MemoryStorage more = MemoryStorage.holding(DIRECTORY, contents);
        assertEquals(3, Manifest.verified(more, DIRECTORY).files().size());
        more.put(DIRECTORY + "/model.onnx", new byte[99_999]);
        assertThrows(UserError.class, () -> Manifest.verified(more, DIRECTORY));
    }

    @Test
    void currentNamesOneVersion() {
        for (String version : new String[] {"20260131T120000Z-a", "1-größer_b.c+d", "x".repeat(255)}) {
            assertEquals(version, ModelFiles.parseCurrent(ModelFiles.current(version), "out/CURRENT"));
            assertEquals(version, ModelFiles.parseCurrent(version.getBytes(UTF_8), "out/CURRENT"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                " ",
                "a b",
                "a\nb",
                "a\n\n",
                "a\r\n",
                "a/b",
                "/a",
                "a\\b",
                "..",
                ".",
                ".a",
                "_a",
                "c:a",
                "a\0",
                "a\t",
                "\ufeffa/"
            })
    void currentThatNamesNoVersionIsRefused(String content) {
        UserError error =
                assertThrows(UserError.class, () -> ModelFiles.parseCurrent(content.getBytes(UTF_8), "out/CURRENT"));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith("out/CURRENT: it holds "), error.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> ModelFiles.current(content.isEmpty() ? content : content + "/"));
    }

    @Test
    void currentThatIsTooLongOrNoTextIsRefused() {
        assertThrows(
                UserError.class, () -> ModelFiles.parseCurrent("x".repeat(256).getBytes(UTF_8), "CURRENT"));
        assertThrows(UserError.class, () -> ModelFiles.parseCurrent(new byte[1 << 20], "CURRENT"));
        assertThrows(UserError.class, () -> ModelFiles.parseCurrent(new byte[] {'a', (byte) 0xC3}, "CURRENT"));
    }

    @Test
    void modelThatContradictsItselfIsRefused() {
        Network network = model.network();
        float[] good = model.parameters();
        float[] short1 = new float[good.length - 1];
        float[] bad = good.clone();
        bad[2] = Float.NaN;
        Scaling narrow = Scaling.standard(new float[1], new float[1]);
        assertRefused(() -> new TrainedModel(network, short1, model.scaling(), model.labels(), model.provenance()));
        assertRefused(() -> new TrainedModel(network, bad, model.scaling(), model.labels(), model.provenance()));
        assertRefused(() -> new TrainedModel(network, good, narrow, model.labels(), model.provenance()));
        assertRefused(() -> new TrainedModel(network, good, model.scaling(), List.of("a"), model.provenance()));
        assertRefused(() -> new TrainedModel(network, good, model.scaling(), List.of("a", "a"), model.provenance()));
    }

    @Test
    void howTheDataWasReadComesBack() throws IOException {
        assertEquals(Optional.empty(), ModelFiles.read(storage, DIRECTORY).reading());
        for (DataReading reading : List.of(
                DataReading.of(DataFormat.IDX),
                new DataReading(DataFormat.CSV, TableLabel.FIRST, "größe, \"label\""),
                new DataReading(DataFormat.CSV, TableLabel.parse("3").orElseThrow(), "y"),
                new DataReading(DataFormat.CSV, TableLabel.oneHot(10), ""),
                new DataReading(DataFormat.IDX, TableLabel.NONE, "", List.of(), "", true, List.of()),
                new DataReading(
                        DataFormat.CSV,
                        TableLabel.LAST,
                        "y",
                        List.of("id", "name"),
                        "copies",
                        false,
                        List.of("a", "b")))) {
            MemoryStorage written = MemoryStorage.holding(DIRECTORY, ModelFiles.contents(read(reading)));
            assertEquals(
                    Optional.of(reading), ModelFiles.read(written, DIRECTORY).reading());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "format": "csv" | "format": "xls" | format "xls", expected one of [idx, npz, libsvm, parquet, images, csv]
            "format": "csv", | | format is missing
            "format": "csv" | "format": "idx" | format idx with columns of a table, expected none
            "label": "first", | | label is missing
            "label": "first" | "label": "left" | label "left", expected first, last, one-hot:N
            "label": "first" | "label": "none" | label "none", expected first, last, one-hot:N
            "label": "first" | "label": 1 | field reading.label
            "labelName": "y" | "labelName": 1 | field reading.labelName
            "labelName": "y" | "more": "y" | field reading.more is unknown
            """)
    void readingOfAnotherFormIsRefused(String found, String replacement, String sentence) throws IOException {
        MemoryStorage written = MemoryStorage.holding(
                DIRECTORY, ModelFiles.contents(read(new DataReading(DataFormat.CSV, TableLabel.FIRST, "y"))));
        storage.forge(DIRECTORY, ModelFiles.DESCRIPTION, written.get(DESCRIPTION));
        edit(found, replacement == null ? "" : replacement);
        refused(sentence);
    }

    @Test
    void weightsOfClassesAndTheUnitOfNumbersComeBack() throws IOException {
        Network weighted = model.network().meaning(new Meaning.OfClasses(List.of(1f, 2.5f)));
        TrainedModel ofNumbers = Models.ofNumbers(new float[3], new Meaning.OfNumbers(-7.25f, 0.5f));
        for (TrainedModel written : List.of(
                new TrainedModel(weighted, model.parameters(), model.scaling(), model.labels(), model.provenance()),
                ofNumbers)) {
            TrainedModel read = ModelFiles.read(MemoryStorage.holding("m", ModelFiles.contents(written)), "m");
            assertEquals(written.network().meaning(), read.network().meaning());
        }
    }

    @Test
    void aVersionHoldsTheModelForOtherProgramsToo() throws IOException {
        assertEquals(
                List.of("model.safetensors", "model.json", "model.onnx"),
                List.copyOf(ModelFiles.contents(model).keySet()));
    }

    private TrainedModel read(DataReading reading) {
        return new TrainedModel(
                model.network(),
                model.parameters(),
                model.scaling(),
                model.labels(),
                model.provenance(),
                Optional.of(reading));
    }

    private static void assertRefused(Executable creation) {
        assertThrows(IllegalArgumentException.class, creation);
    }

    private void edit(String found, String replacement) throws IOException {
        String text = new String(storage.get(DESCRIPTION), UTF_8);
        assertTrue(text.contains(found), found);
        int at = text.indexOf(found);
        storage.forge(
                DIRECTORY,
                ModelFiles.DESCRIPTION,
                (text.substring(0, at) + replacement + text.substring(at + found.length())).getBytes(UTF_8));
    }

    private void refused(String sentence) {
        UserError error = assertThrows(UserError.class, () -> ModelFiles.read(storage, DIRECTORY));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith(DIRECTORY), error.getMessage());
        assertTrue(error.getMessage().contains(sentence), error.getMessage());
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
    }

    private static TrainedModel randomModel(SplitMix64 random) {
        List<Integer> widths = new ArrayList<>();
        List<Activation> activations = new ArrayList<>();
        for (int l = random.nextInt(4) + 1; l >= 0; l--) {
            widths.add(1 + random.nextInt(13));
            activations.add(Activation.values()[random.nextInt(4)]);
        }
        activations.remove(0);
        Network network = Network.dense(widths, activations, random.nextInt(2) == 0, Loss.MSE);
        float[] parameters = randomFloats(random, network.parameterCount());
        float[] deviation = randomFloats(random, network.features());
        for (int i = 0; i < deviation.length; i++) {
            deviation[i] = Math.abs(deviation[i]);
        }
        Scaling[] scalings = {
            Scaling.unit(), Scaling.none(), Scaling.standard(randomFloats(random, network.features()), deviation)
        };
        return new TrainedModel(
                network,
                parameters,
                scalings[random.nextInt(3)],
                TrainedModel.numbered(network.classes()),
                SmallModel.provenance());
    }

    /** Any finite floats, from the smallest to the largest. */
    private static float[] randomFloats(SplitMix64 random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            do {
                values[i] = Float.intBitsToFloat((int) random.nextLong());
            } while (!Float.isFinite(values[i]));
        }
        return values;
    }
}
