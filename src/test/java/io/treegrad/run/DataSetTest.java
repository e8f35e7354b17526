package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.StepPlan;
import io.treegrad.data.TableLabel;
import io.treegrad.formats.DataChoice;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.testing.DrawnDigits;
import io.treegrad.testing.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetTest {
    private static final LocalStorage STORAGE = new LocalStorage();

    @TempDir
    private Path directory;

    @Test
    void tableWithoutTestRowsIsTrainedOnWhole() throws IOException {
        DataSet parts = of("generic-xor", Map.of());
        assertEquals("xor", parts.kind());
        assertEquals(4, parts.trainRows());
        assertEquals(
                Set.of(Part.TRAIN), parts.onExecutors(new StepPlan(4, 2, 4, 1)).keySet());
        assertEquals(List.of(), parts.paths());
    }

    @Test
    void accuracyBoundWithoutTestRowsIsRefusedBeforeTraining() {
        Settings settings = settings("generic-xor", Map.of(OutputSettings.MIN_ACCURACY, "1"));
        Gates gates = new Gates(settings, null);
        UserError error =
                assertThrows(UserError.class, () -> gates.requireJudgeable(false, null, List.of(), Optional.empty()));
        assertEquals(UserError.Kind.USAGE, error.kind());
        assertTrue(error.getMessage().contains("there are none. Give some (test-data, split)."), error.getMessage());
    }

    @Test
    void oneWrongLabelAmongManyRowsIsRefusedWithItsRow() throws IOException {
        Path file = directory.resolve("wrong.csv");
        Files.writeString(file, "0.5,0\n0.5,1\n0.5,9000\n0.5,2\n");
        UserError error =
                assertThrows(UserError.class, () -> of("default", Map.of(DataSettings.CHOICE, file.toString())));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith(file + ":3: found label 9000, and 4 different"), error.getMessage());
        Files.writeString(file, rowsOfClasses(4097));
        UserError many =
                assertThrows(UserError.class, () -> of("default", Map.of(DataSettings.CHOICE, file.toString())));
        assertTrue(
                many.getMessage()
                        .contains("found 4097 classes, expected at most 4096: the label of row 4097 is number 4096"),
                many.getMessage());
        Files.writeString(file, rowsOfClasses(4096));
        assertEquals(
                4096,
                of("default", Map.of(DataSettings.CHOICE, file.toString()))
                        .trainSource()
                        .classes());
    }

    @Test
    void rowsOfASingleClassAreRefusedWithWhereOthersWouldBe() throws IOException {
        Path file = Files.writeString(directory.resolve("one.csv"), "0.5,a\n0.6,a\n");
        UserError column =
                assertThrows(UserError.class, () -> of("default", Map.of(DataSettings.CHOICE, file.toString())));
        assertTrue(column.getMessage().contains("Say which column has the labels"), column.getMessage());
        Path seven = Files.createDirectories(directory.resolve("digits/seven"));
        Files.write(seven.resolve("a.png"), Pictures.file(new DrawnDigits(1).draw(7, 28, true), "png"));
        UserError pictures = assertThrows(
                UserError.class,
                () -> of(
                        "default",
                        Map.of(DataSettings.CHOICE, directory.resolve("digits").toString())));
        assertTrue(
                pictures.getMessage().contains("Give a directory that has one directory of pictures for each."),
                pictures.getMessage());
    }

    @Test
    void picturesForValidationAreToldToBeReadLikeTheOthers() throws IOException {
        for (String name : List.of("train/3/a", "train/7/a", "Val/3/a", "Val/7/a", "Val/7/b")) {
            Path picture = directory.resolve("both/" + name + ".png");
            Files.createDirectories(picture.getParent());
            int digit = name.contains("/3/") ? 3 : 7;
            Files.write(picture, Pictures.file(new DrawnDigits(1).draw(digit, 28, true), "png"));
        }
        String told = " 3 of them lie below a directory for validation, which is read like the others";
        String sentence = sentenceOf("both");
        assertTrue(sentence.contains(told), sentence);
        assertFalse(sentenceOf("both/Val").contains("validation"), "there are no others");
        assertFalse(sentenceOf("both/train").contains("validation"));
    }

    private String sentenceOf(String pictures) throws IOException {
        Path data = directory.resolve(pictures);
        return of("default", Map.of(DataSettings.CHOICE, data.toString())).sentence();
    }

    /** Two of each: labels that occur once come from another column. */
    private static String rowsOfClasses(int classes) {
        return IntStream.range(0, 2 * classes)
                .mapToObj(row -> "0.5," + row % classes + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void oneFileIsSplitBySharesOrByRowsAndEveryClassGetsItsShare() throws IOException {
        String csv = csv("all.csv", 100);
        for (String split : List.of("0.6,0.2,0.2", "60,20,20")) {
            DataSet parts = of("default", Map.of(DataSettings.CHOICE, csv, DataSettings.SPLIT, split));
            assertEquals("csv", parts.kind());
            assertEquals(60, parts.split().train().size());
            assertEquals(20, parts.split().validation().size());
            assertEquals(20, parts.split().test().size());
            assertEquals(List.of(csv), parts.paths());
            int ones = 0;
            int[] labels = parts.trainSource().labels(STORAGE);
            for (long i = 0; i < 20; i++) {
                ones += labels[(int) parts.split().test().at(i)];
            }
            assertEquals(10, ones);
        }
        UserError error = assertThrows(
                UserError.class, () -> of("default", Map.of(DataSettings.CHOICE, csv, DataSettings.SPLIT, "60,20,21")));
        assertTrue(
                error.getMessage().startsWith("split is 60,20,21, expected parts that add up to the 100 rows"),
                error.getMessage());
        assertEquals(List.of("split"), error.settings());
    }

    @Test
    void rowsOfATestFileJoinInASplitAndStayApartWithout() throws IOException {
        Map<Setting<?>, String> both =
                Map.of(DataSettings.CHOICE, csv("a.csv", 36), DataSettings.TEST_DATA, csv("b.csv", 12));
        DataSet apart = of("default", both);
        assertEquals(RowSet.range(0, 12), apart.split().test());
        Map<Setting<?>, String> joined = new HashMap<>(both);
        joined.put(DataSettings.SPLIT, "24,12,12");
        assertEquals(24, of("default", joined).trainRows());
        assertEquals(48, of("default", joined).trainSource().rows());
    }

    @Test
    void defaultHoldoutShrinksWithSmallDataAndAnAskedOneDoesNot() throws IOException {
        String csv = csv("all.csv", 36);
        assertEquals(
                3,
                of("default", Map.of(DataSettings.CHOICE, csv))
                        .split()
                        .validation()
                        .size());
        assertEquals(
                7,
                of("default", Map.of(DataSettings.CHOICE, csv, DataSettings.VALIDATION_ROWS, "7"))
                        .split()
                        .validation()
                        .size());
        assertThrows(
                UserError.class,
                () -> of("default", Map.of(DataSettings.CHOICE, csv, DataSettings.VALIDATION_ROWS, "5000")));
        DataSet synthetic = of("default", Map.of(DataSettings.CHOICE, "synthetic"));
        assertEquals(5000, synthetic.split().validation().size());
    }

    @Test
    void theDigitsThatAreCheckedAreThoseOfTheSeedAsInATraining() throws IOException {
        Map<Setting<?>, String> options = Map.of(DataSettings.CHOICE, "synthetic", TrainingSettings.SEED, "5");
        int[] trained = of("default", options).trainSource().labels(STORAGE);
        int[] checked = of(SettingsResolver.resolve(Command.CHECK_DATA, options, Optional.empty(), Map.of(), directory))
                .trainSource()
                .labels(STORAGE);
        assertArrayEquals(trained, checked);
    }

    @Test
    void labelStandsWhereTheUserSays() throws IOException {
        Path file = Files.writeString(directory.resolve("hot.csv"), "0.5,1,0\n0.25,0,1\n");
        RowSource source = of(
                        "default",
                        Map.of(
                                DataSettings.CHOICE,
                                file.toString(),
                                DataSettings.LABEL,
                                "one-hot:2",
                                DataSettings.FORMAT,
                                "csv"))
                .trainSource();
        assertEquals(1, source.features());
        assertEquals(2, source.classes());
        UserError error = assertThrows(
                UserError.class,
                () -> of("default", Map.of(DataSettings.CHOICE, file.toString(), DataSettings.LABEL, "none")));
        assertEquals(UserError.Kind.USAGE, error.kind());
    }

    @Test
    void labelsThatAreAllZeroSuggestAnotherColumn() throws IOException {
        String file = Files.writeString(directory.resolve("first.csv"), "3,0.5,0\n1,0.25,0\n")
                .toString();
        UserError error = assertThrows(UserError.class, () -> of("default", Map.of(DataSettings.CHOICE, file)));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().startsWith("label by default is \"auto\": every label of "), error.getMessage());
        assertEquals(
                3,
                of("default", Map.of(DataSettings.CHOICE, file, DataSettings.LABEL, "first"))
                        .trainSource()
                        .classes());
    }

    @Test
    void headerThatNamesTheLabelDecidesUnlessToldAndContradictionIsToldBeforeTraining() throws IOException {
        String file = Files.writeString(directory.resolve("kaggle.csv"), "label,a,b\n5,1,0\n3,0,1\n")
                .toString();
        DataSet data = of("default", Map.of(DataSettings.CHOICE, file));
        assertEquals(6, data.trainSource().classes());
        assertEquals("first", data.labelPlace());
        // where no column is one, as runs of before auto recorded it: they can be continued
        assertEquals(
                "last", of("default", Map.of(DataSettings.CHOICE, "synthetic")).labelPlace());
        assertTrue(data.sentence().contains(" Its label is the first column \"label\"."), data.sentence());
        assertEquals(
                "first",
                of("default", Map.of(DataSettings.CHOICE, file, DataSettings.LABEL, "first"))
                        .labelPlace());
        UserError error = assertThrows(
                UserError.class, () -> of("default", Map.of(DataSettings.CHOICE, file, DataSettings.LABEL, "last")));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
    }

    @Test
    void testRowsWithoutNamesAreReadAsTheTrainingRows() throws IOException {
        String train = Files.writeString(directory.resolve("train.csv"), "label,a,b\n5,1,0\n3,0,1\n")
                .toString();
        String test =
                Files.writeString(directory.resolve("test.csv"), "4,1,0\n").toString();
        RowSource source = of("default", Map.of(DataSettings.CHOICE, train, DataSettings.TEST_DATA, test))
                .testSource();
        assertEquals(4, source.labels(STORAGE)[0]);
    }

    @Test
    void fileForAModelIsReadAsItWasTrainedAndContradictionNamesBoth() throws IOException {
        String bare =
                Files.writeString(directory.resolve("bare.csv"), "4,7,1\n").toString();
        String named = Files.writeString(directory.resolve("named.csv"), "y,b,label\n4,7,1\n")
                .toString();
        DataReading first = new DataReading(DataFormat.CSV, TableLabel.FIRST, "Y");
        DataReading middle =
                new DataReading(DataFormat.CSV, TableLabel.parse("2").orElseThrow(), "");
        assertEquals(4, labelOf(bare, first, "auto"));
        assertEquals(7, labelOf(bare, middle, "auto"));
        assertEquals(1, labelOf(bare, DataReading.of(DataFormat.IDX), "auto"));
        // of two columns that could be the label, the model knows which
        assertEquals(4, labelOf(named, first, "auto"));
        assertEquals(4, labelOf(bare, first, "first"));
        assertEquals(0, labelOf(bare, first, "none"));
        assertEquals(1, labelOf(bare, DataReading.of(DataFormat.IDX), "last"));
        UserError error = assertThrows(UserError.class, () -> labelOf(bare, first, "last"));
        assertEquals(UserError.Kind.USAGE, error.kind());
        assertTrue(
                error.getMessage().startsWith("--label is \"last\": expected the first column \"Y\","),
                error.getMessage());
    }

    private int labelOf(String file, DataReading trained, String label) throws IOException {
        Settings settings = SettingsResolver.resolve(
                label.equals("none") ? Command.PREDICT : Command.EVALUATE,
                Map.of(DataSettings.LABEL, label),
                Optional.empty(),
                Map.of(),
                directory);
        DataLocator.Location location = new DataLocator.Location(DataChoice.Kind.PATH, file, "");
        return new DataSources(settings, STORAGE)
                .test(location, Optional.of(new ReadingOptions.Precedent(trained, TrainedModel.numbered(10), 2)))
                .labels(STORAGE)[0];
    }

    @Test
    void missingFileIsInputMissingWhateverItWouldBe() {
        for (String name : List.of("none.csv", "none.csv.gz", "nowhere")) {
            UserError error = assertThrows(
                    UserError.class,
                    () -> of(
                            "default",
                            Map.of(DataSettings.CHOICE, directory.resolve(name).toString())));
            assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        }
    }

    /** Two values and a label of two classes that alternate. */
    private String csv(String name, int rows) throws IOException {
        StringBuilder text = new StringBuilder("a,b,label\n");
        for (int row = 0; row < rows; row++) {
            text.append(row).append(",7,").append(row % 2).append('\n');
        }
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private DataSet of(String preset, Map<Setting<?>, String> options) throws IOException {
        return of(settings(preset, options));
    }

    private DataSet of(Settings settings) throws IOException {
        return DataSet.of(settings, STORAGE, new DataLocator(Map.of(), directory, line -> {}));
    }

    private Settings settings(String preset, Map<Setting<?>, String> options) {
        Optional<String> config = Optional.of(preset).filter(name -> !name.equals("default"));
        return SettingsResolver.resolve(Command.TRAIN, options, config, Map.of(), directory);
    }
}
