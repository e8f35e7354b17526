package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.testing.MemoryStorage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputFilesTest {
    private final MemoryStorage storage = new MemoryStorage().with("a/rows.csv", new byte[] {'1'});
    private final InputFiles files = new InputFiles(storage, List.of("a/rows.csv"));

    @Test
    void digestsAreNamedByTheFile() {
        String ofOne = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
        assertEquals(Map.of("rows.csv", ofOne), files.digests());
        files.requireUnchanged();
    }

    @Test
    void aFileThatIsWrittenAgainWhileItIsReadIsRefused() {
        storage.put("a/rows.csv", new byte[] {'2'}); // of the same length
        UserError error = assertThrows(UserError.class, files::digests);
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith("a/rows.csv was changed while it was read"), error.getMessage());
        assertThrows(UserError.class, files::requireUnchanged);
    }

    @Test
    void aFileThatIsGoneIsMissing() {
        storage.remove("a/rows.csv");
        UserError error = assertThrows(UserError.class, files::digests);
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
    }
}
