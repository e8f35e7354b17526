package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.formats.ArraySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest {
    @TempDir
    private Path directory;

    @Test
    void filesOfThisMachineAreRead() throws IOException {
        Path pictures = Files.write(directory.resolve("p q"), IdxBytes.pictures(300, 28, 28));
        Path labels = Files.write(directory.resolve("l"), IdxBytes.gzip(IdxBytes.labels(300)));
        Storage local = new LocalStorage();
        ArraySource source = ArraySource.idx(local, pictures.toString(), labels.toString());
        Rows rows = source.read(RowSet.of(new int[] {2, 299}), local);
        assertEquals(9, rows.label(1));
        assertEquals((7 * 299 + 5) % 256, rows.value(1, 5));
    }

    @Test
    void directoryIsNotAFile() {
        Storage local = new LocalStorage();
        String path = directory.toString();
        UserError error = assertThrows(UserError.class, () -> ArraySource.idx(local, path, path));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
    }

    @Test
    void missingFileDoesNotExist() throws IOException {
        assertFalse(new LocalStorage().exists(directory.resolve("lost").toString()));
    }
}
