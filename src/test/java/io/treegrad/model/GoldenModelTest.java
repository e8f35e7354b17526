package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.LocalStorage;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The files of {@code format-1}, which make_model.py wrote without any code of ours. */
class GoldenModelTest {
    @Test
    void modelOfFormatOneIsRead() throws IOException, URISyntaxException {
        TrainedModel expected = SmallModel.create();
        TrainedModel model = ModelFiles.read(new LocalStorage(), directory().toString());
        assertEquals("513c4f1703078ebd1c29feaf816a4c5fae298c1ead81da137e4bd5d711e30672", model.weightsSha256());
        assertEquals(expected.weightsSha256(), model.weightsSha256());
        assertArrayEquals(expected.parameters(), model.parameters());
        assertEquals(expected.network(), model.network());
        assertEquals(expected.scaling(), model.scaling());
        assertEquals(expected.labels(), model.labels());
        assertEquals(expected.provenance(), model.provenance());
    }

    @Test
    void modelOfFormatOneIsWrittenByteForByte() throws IOException, URISyntaxException {
        MemoryStorage written = MemoryStorage.holding("m", ModelFiles.contents(SmallModel.create()));
        assertArrayEquals(
                Files.readAllBytes(directory().resolve(ModelFiles.WEIGHTS)), written.get("m/" + ModelFiles.WEIGHTS));
        // what multiplied was called blas while it could be one of several
        assertEquals(
                Files.readString(directory().resolve(ModelFiles.DESCRIPTION)).replace("\"blas\"", "\"arithmetic\""),
                new String(written.get("m/" + ModelFiles.DESCRIPTION), StandardCharsets.UTF_8));
    }

    private static Path directory() throws URISyntaxException {
        return Path.of(GoldenModelTest.class.getResource("format-1").toURI());
    }
}
