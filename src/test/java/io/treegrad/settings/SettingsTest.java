package io.treegrad.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.Printable;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.data.SplitSizes;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Task;
import io.treegrad.training.LearningRateSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path directory;

    @Test
    void optionBeatsSparkKeyBeatsFileBeatsDefault() throws IOException {
        String file = file("epochs = 2\nhidden = 2\nseed = 2\n");
        Map<String, String> spark = Map.of("spark.treegrad.epochs", "3", "spark.treegrad.hidden", "3");
        Settings settings = settings(Map.of(TrainingSettings.EPOCHS, "4"), Optional.of(file), spark);
        assertEquals(4, settings.get(TrainingSettings.EPOCHS));
        assertEquals(List.of(3), settings.get(NetworkSettings.HIDDEN));
        assertEquals(2, settings.get(TrainingSettings.SEED));
        assertEquals(Optional.of(100), settings.get(TrainingSettings.BATCH_SIZE));
        assertEquals("option", settings.value(TrainingSettings.EPOCHS).source());
        assertEquals(
                "spark.treegrad.hidden", settings.value(NetworkSettings.HIDDEN).source());
        assertEquals(file, settings.value(TrainingSettings.SEED).source());
        assertEquals("default", settings.value(TrainingSettings.BATCH_SIZE).source());
    }

    @Test
    void sparkKeyNamesTheFileWhereNoOptionDoes() throws IOException {
        String file = file("epochs = 2\n");
        Map<String, String> spark = Map.of("spark.treegrad.config", file);
        assertEquals(2, settings(Map.of(), Optional.empty(), spark).get(TrainingSettings.EPOCHS));
        assertEquals(6, settings(Map.of(), Optional.of("default"), spark).get(TrainingSettings.EPOCHS));
    }

    @Test
    void otherSparkKeysAreNoneOfOurBusiness() {
        settings(Map.of(), Optional.empty(), Map.of("spark.executor.cores", "2", "spark.treegradual", "x"));
    }

    @Test
    void wrongValueIsNamedWhereTheUserWroteIt() throws IOException {
        assertRefused(
                UserError.Kind.USAGE,
                "--hidden is \"100,,10\": expected whole numbers from 1 to 65536 separated by commas, or none."
                        + " For example: --hidden 100,50",
                Map.of(NetworkSettings.HIDDEN, "100,,10"),
                null,
                Map.of());
        assertRefused(
                UserError.Kind.BAD_CONFIGURATION,
                "spark.treegrad.epochs is \"0\": expected a whole number from 1 to 10000000."
                        + " For example: spark.treegrad.epochs=10",
                Map.of(),
                null,
                Map.of("spark.treegrad.epochs", "0"));
        String file = file("l2 = -1\n");
        assertRefused(
                UserError.Kind.BAD_CONFIGURATION,
                "l2 in " + file
                        + " is \"-1\": expected a number from 0 to 1000000, within the range of float. For example: l2 = 0.01",
                Map.of(),
                file,
                Map.of());
    }

    @Test
    void unknownKeysAreRefusedWithASuggestion() throws IOException {
        UserError spark = assertThrows(
                UserError.class,
                () -> settings(Map.of(), Optional.empty(), Map.of("spark.treegrad.learning-rat", "1")));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, spark.kind());
        assertTrue(spark.getMessage().contains("Did you mean spark.treegrad.learning-rate?"), spark.getMessage());
        String name = file("learning_rate = 1\n");
        UserError file = assertThrows(UserError.class, () -> settings(Map.of(), Optional.of(name), Map.of()));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, file.kind());
        assertTrue(file.getMessage().contains("Did you mean learning-rate?"), file.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0.1",
                "NaN",
                "Infinity",
                "1e999",
                "1e-999",
                "1e-46",
                "0,1",
                "0x1p3",
                "1d",
                " 1",
                "٠.١",
                "",
                "1_0"
            })
    void learningRateMustBeAPlainPositiveNumber(String text) {
        assertThrows(
                UserError.class,
                () -> settings(Map.of(TrainingSettings.LEARNING_RATE, text), Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+5", "5.0", "9223372036854775808", "٥", "0x5", "5 ", "--5", "99999999999999999999"})
    void seedMustBeAPlainLong(String text) {
        assertThrows(UserError.class, () -> settings(Map.of(TrainingSettings.SEED, text), Optional.empty(), Map.of()));
    }

    @Test
    void turkishLocaleChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            Settings settings = settings(
                    Map.of(TrainingSettings.SCHEDULE, "warmup:1.5+cosine:0.1", NetworkSettings.INIT, "uniform:0.25"),
                    Optional.empty(),
                    Map.of("spark.treegrad.min-accuracy", "0.5"));
            assertEquals(new Initialization.Uniform(0.25), settings.get(NetworkSettings.INIT));
            assertEquals(
                    new LearningRateSchedule.Warmup(1.5, new LearningRateSchedule.Cosine(0.1)),
                    settings.get(TrainingSettings.SCHEDULE));
            assertEquals(Optional.of(0.5), settings.get(OutputSettings.MIN_ACCURACY));
            assertEquals(Loss.CROSS_ENTROPY, settings.get(NetworkSettings.LOSS));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cosine:2",
                "cosine:0:0",
                "cosine:0:6:1",
                "cosine:",
                "step",
                "step:5",
                "step:0:0.5",
                "step:5:2",
                "cosine+warmup:1",
                "warmup:0",
                "warmup:1+",
                "warmup:1+warmup:1",
                "warmup:1+cosine+cosine",
                "linear",
                "constant:1",
                "step:5:0.5:1"
            })
    void otherSchedulesAreRefused(String text) {
        assertThrows(
                UserError.class, () -> settings(Map.of(TrainingSettings.SCHEDULE, text), Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"normal", "normal:0", "normal:-1", "normal:x", "he:1", "uniform:1:2", "xavier", "normal:1e7"})
    void otherInitialisationsAreRefused(String text) {
        assertThrows(UserError.class, () -> settings(Map.of(NetworkSettings.INIT, text), Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.6,0.2", "0.6,0.2,0.3", "0.6,0.2,0.2,0", "0.6,,0.4", "2,-1,0", "NaN,0,1", "2.5,1,1"})
    void splitsThatAreNeitherThreeSharesOfOneNorRowsAreRefused(String text) {
        assertThrows(UserError.class, () -> settings(Map.of(DataSettings.SPLIT, text), Optional.empty(), Map.of()));
    }

    @Test
    void strongestHoldoutStaysAlone() throws IOException {
        String file = file("split = 0.6,0.2,0.2\n");
        Settings bySplit = settings(Map.of(), Optional.of(file), Map.of());
        assertEquals(Optional.of(new SplitSizes.Shares(0.6, 0.2, 0.2)), bySplit.get(DataSettings.SPLIT));
        assertEquals(Optional.empty(), bySplit.get(DataSettings.VALIDATION_ROWS));
        assertEquals(
                "because of split", bySplit.value(DataSettings.VALIDATION_ROWS).source());
        Settings byFraction = settings(Map.of(DataSettings.VALIDATION_FRACTION, "0.1"), Optional.of(file), Map.of());
        assertEquals(Optional.empty(), byFraction.get(DataSettings.SPLIT));
        assertEquals(Optional.empty(), byFraction.get(DataSettings.VALIDATION_ROWS));
        assertEquals(Optional.of(0.1), byFraction.get(DataSettings.VALIDATION_FRACTION));
    }

    @Test
    void twoHoldoutsOfOneOriginContradict() {
        assertRefused(
                UserError.Kind.USAGE,
                "--validation-fraction is \"0.1\": expected none beside validation-rows 7. Give one of the two.",
                Map.of(DataSettings.VALIDATION_ROWS, "7", DataSettings.VALIDATION_FRACTION, "0.1"),
                null,
                Map.of());
    }

    @Test
    void optionWithoutEffectIsRefusedButNotItsDefault() throws IOException {
        settings(Map.of(TrainingSettings.OPTIMIZER, "adam"), Optional.empty(), Map.of());
        settings(Map.of(TrainingSettings.OPTIMIZER, "adam"), Optional.of(file("momentum = 0.5\n")), Map.of());
        assertRefused(
                UserError.Kind.USAGE,
                "--momentum is \"0.5\": it has no effect with optimizer adam."
                        + " Leave it out, or take optimizer momentum or nesterov.",
                Map.of(TrainingSettings.OPTIMIZER, "adam", TrainingSettings.MOMENTUM, "0.5"),
                null,
                Map.of());
    }

    @Test
    void aRunCannotHaveANameThatMeansNone() throws IOException {
        for (String name : List.of("none", "full", "all", "None", "NEVER", "no", "off", "false", "Auto", "null")) {
            for (Setting<?> setting : List.of(OutputSettings.RUN_ID, OutputSettings.RESUME)) {
                UserError error = assertThrows(
                        UserError.class,
                        () -> settings(Map.of(setting, name), Optional.empty(), Map.of()),
                        setting + " " + name);
                assertEquals(UserError.Kind.USAGE, error.kind());
            }
        }
        assertEquals(
                Optional.of("fuller"),
                settings(Map.of(OutputSettings.RUN_ID, "fuller"), Optional.empty(), Map.of())
                        .get(OutputSettings.RUN_ID));
    }

    @Test
    void valuesOfKeysAreNotShown() {
        for (String secret : List.of(
                "spark.hadoop.fs.s3a.secret.key=",
                "spark.hadoop.fs.s3a.access.key=",
                "fs.azure.account.key.a.b.net=",
                "javax.net.ssl.trustStorePassword=",
                "SESSION_TOKEN=",
                "https://host/a?X-Amz-Signature=",
                "https://a.net/b?sv=2&sig=",
                "x.apiKey=",
                "passwd=")) {
            assertEquals("-D" + secret + "*** -Dn=1", Printable.plain("-D" + secret + "a/b+c== -Dn=1"));
        }
        assertEquals("learning-rate=0.1, sigma=2", Printable.plain("learning-rate=0.1, sigma=2"));
    }

    @Test
    void passwordsAndControlCharactersAreNotShown() {
        assertEquals("s3a://***@bucket/x", Printable.plain("s3a://key:se@cret@bucket/x"));
        assertEquals("s3a://***@bucket/x", Printable.plain("s3a://key:se/cr/et@bucket/x"));
        assertEquals("hdfs://name:8020/a@b", Printable.plain("hdfs://name:8020/a@b"));
        assertEquals("from http://***@h/ to s3a://***@b", Redaction.redact("from http://u:p@h/ to s3a://k:s@b"));
        assertEquals("\"a\\u000ab\"", Printable.quoted("a\nb"));
        assertEquals(103, Printable.plain("x".repeat(5000)).length());
    }

    @Test
    void evaluateLooksOnlyAtItsOwnSettings() {
        Settings settings = SettingsResolver.resolve(
                Command.EVALUATE,
                Map.of(CommandSettings.MODEL, "m"),
                Optional.empty(),
                Map.of("spark.treegrad.epochs", "3", "spark.treegrad.partitions", "3"),
                directory);
        assertEquals("m", settings.get(CommandSettings.MODEL));
        assertEquals(Optional.of(3), settings.get(ClusterSettings.PARTITIONS));
        assertThrows(IllegalStateException.class, () -> settings.get(TrainingSettings.EPOCHS));
    }

    @Test
    void dataOfNumbersIsCheckedWithoutALoss() {
        assertEquals(
                Task.REGRESSION,
                checkData(Map.of(DataSettings.TASK, "regression"), Map.of()).get(DataSettings.TASK));
    }

    @Test
    void checkedRowsAreThoseThatWouldBeTrainedOn() {
        Map<String, String> split = Map.of("spark.treegrad.split", "0.8,0.1,0.1");
        Settings settings = checkData(Map.of(DataSettings.VALIDATION_ROWS, "7"), split);
        assertEquals(Optional.empty(), settings.get(DataSettings.SPLIT), "the option is stronger");
        assertEquals(Optional.of(OptionalInt.of(7)), settings.get(DataSettings.VALIDATION_ROWS));
        assertEquals(Optional.empty(), checkData(Map.of(), split).get(DataSettings.VALIDATION_ROWS));
    }

    private Settings checkData(Map<Setting<?>, String> options, Map<String, String> properties) {
        return SettingsResolver.resolve(Command.CHECK_DATA, options, Optional.empty(), properties, directory);
    }

    @Test
    void theAddressOfAWebHookIsNotShownWhereItIsRefused() {
        for (String address : List.of("ftp://hooks.example.org/T0/K3Y", "hooks.example.org/T0/K3Y", "http:/h/K3Y")) {
            UserError error = assertThrows(
                    UserError.class,
                    () -> settings(Map.of(OutputSettings.NOTIFY, address), Optional.empty(), Map.of()));
            assertFalse(error.getMessage().contains("K3Y"), error.getMessage());
            assertTrue(error.getMessage().contains("/***\": expected an address"), error.getMessage());
        }
    }

    private Settings settings(
            Map<Setting<?>, String> options, Optional<String> config, Map<String, String> properties) {
        return SettingsResolver.resolve(Command.TRAIN, options, config, properties, directory);
    }

    private void assertRefused(
            UserError.Kind kind,
            String message,
            Map<Setting<?>, String> options,
            String config,
            Map<String, String> properties) {
        UserError error =
                assertThrows(UserError.class, () -> settings(options, Optional.ofNullable(config), properties));
        assertEquals(message, error.getMessage());
        assertEquals(kind, error.kind());
    }

    private String file(String text) throws IOException {
        Files.writeString(directory.resolve("my.properties"), text);
        return "my.properties";
    }
}
