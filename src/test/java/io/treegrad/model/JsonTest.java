package io.treegrad.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void passwordsAreRedactedInAllTexts() {
        Object texts = List.of("hdfs://user:secret@name/ä", Map.of("to", "https://u:p@host"), 1);
        assertEquals(
                "[\"hdfs://***@name/\\u00E4\",{\"to\":\"https://***@host\"},1]",
                new String(Json.redactedLine(texts), US_ASCII));
    }

    @Test
    void threeHundredCharactersOfAFileAreShown() {
        String shown = "x".repeat(300);
        assertEquals("f: " + shown + ", expected y", message(shown));
        assertEquals("f: " + shown + "…, expected y", message(shown + "x"));
    }

    private static String message(String found) {
        return Json.damaged("f", found, "y").getMessage().split("\\. The file is damaged")[0];
    }
}
