package io.treegrad.run;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.testing.DrawnDigits;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Whatever the bytes of a file of data are, only an error for the user escapes. */
class DataFuzzTest {
    private static final byte[] TWO_PICTURES = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4};
    private static final byte[] TWO_LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};

    private static final byte[] PICTURE = Pictures.file(new DrawnDigits(1).draw(3, 28, true), "png");

    private static final Settings SETTINGS = SettingsResolver.resolve(
            Command.TRAIN, Map.of(DataSettings.CHOICE, "x"), Optional.empty(), Map.of(), Path.of(""));

    /** In any format that is told by content, plain or gzip. */
    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void table(byte[] bytes) throws IOException {
        read("rows.csv", new MemoryStorage().with("rows.csv", bytes));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void pictures(byte[] bytes) throws IOException {
        read(
                "images-idx3-ubyte",
                new MemoryStorage().with("images-idx3-ubyte", bytes).with("labels-idx1-ubyte", TWO_LABELS));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void labels(byte[] bytes) throws IOException {
        read(
                "images-idx3-ubyte",
                new MemoryStorage().with("images-idx3-ubyte", TWO_PICTURES).with("labels-idx1-ubyte", bytes));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void image(byte[] bytes) throws IOException {
        read("digits", new MemoryStorage().with("digits/0/a.png", PICTURE).with("digits/1/b.png", bytes));
    }

    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void parquet(byte[] bytes) throws IOException {
        read("rows.parquet", new MemoryStorage().with("rows.parquet", bytes));
    }

    private static void read(String path, MemoryStorage storage) throws IOException {
        try {
            RowSource source = new DataSources(SETTINGS, storage).at(path).train();
            source.labels(storage);
            source.read(RowSet.range(source.rows() / 2, source.rows()), storage);
        } catch (UserError expected) {
            String shown = expected.getMessage();
            if (shown.getBytes(StandardCharsets.UTF_8).length > 1 << 14) {
                throw new IllegalStateException("a message of " + shown.length() + " characters", expected);
            }
        }
        if (storage.openStreams() != 0) {
            throw new IllegalStateException(storage.openStreams() + " streams were left open");
        }
    }
}
