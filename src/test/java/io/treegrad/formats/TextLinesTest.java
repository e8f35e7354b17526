package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.common.UserError;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Rows that are taken apart without FastCSV, against the same rows after a comment, which FastCSV reads with its comment. */
class TextLinesTest {
    private static final String[] FIELDS = {
        "0",
        "255",
        "-1.5e3",
        "",
        " ",
        " \t",
        "#",
        "rose",
        "größe",
        "x",
        "a b",
        "\0",
        "\u000b",
        "5\"5",
        "\"5\"",
        "\" \"",
        "\"a\"\"b\"",
        "\"1\n2\"",
        "\"1\r\n#2\"",
        "\"1\r2\"",
        "\"x\" "
    };

    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void rowsAreThoseOfFastCsv() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 3000; round++) {
            char separator = ",;\t| ".charAt(random.nextInt(5));
            boolean withReturns = random.nextInt(4) == 0;
            int kinds = random.nextInt(2) == 0 ? FIELDS.length : 3;
            StringBuilder plain = new StringBuilder();
            StringBuilder commented = new StringBuilder();
            List<Long> lines = new ArrayList<>();
            for (int row = random.nextInt(30); row > 0; row--) {
                String lineEnd = withReturns ? "\r" : random.nextInt(2) == 0 ? "\n" : "\r\n";
                StringBuilder fields = new StringBuilder();
                for (int field = random.nextInt(7); field >= 0; field--) {
                    fields.append(FIELDS[random.nextInt(kinds)]).append(field > 0 ? separator : "");
                }
                if (round % 100 == 0 && random.nextInt(5) == 0) {
                    fields.append(" ".repeat(random.nextInt(70_000)));
                }
                lines.add(lines(plain));
                plain.append(fields).append(row == 1 && random.nextInt(3) == 0 ? "" : lineEnd);
                commented
                        .append('#')
                        .append(lineEnd.substring(0, 1))
                        .append(fields)
                        .append(lineEnd);
            }
            String replay = "seed " + seed + ", round " + round;
            List<String> expected = rows(commented, separator, line -> line - commentsBefore(lines, line));
            assertEquals(expected, rows(plain, separator, line -> line), replay);
        }
        assertEquals(0, storage.openStreams());
    }

    /** @param lines before each row, without the comments */
    private static int commentsBefore(List<Long> lines, long line) {
        int comments = 1;
        while (comments < lines.size() && lines.get(comments) + comments + 1 < line) {
            comments++;
        }
        return comments;
    }

    /** How many lines end in a text. */
    private static long lines(CharSequence text) {
        return text.toString()
                .replace("\r\n", "\n")
                .chars()
                .filter(c -> c == '\n' || c == '\r')
                .count();
    }

    /** Each row as its line, its fields, and whether one of them was refused. */
    private List<String> rows(CharSequence text, char separator, LongUnaryOperator line) throws IOException {
        storage.with("t", text.toString().getBytes(StandardCharsets.UTF_8));
        List<String> rows = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        FieldConsumer collected = (column, bytes, from, to) -> {
            String field = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            assertEquals(fields.size(), column);
            fields.add(field);
            if (field.equals("x")) {
                throw new UserError(UserError.Kind.BAD_DATA, field);
            }
        };
        try (DelimitedFile file = DelimitedFile.open(storage, "t", separator, new RowIndex(), 0)) {
            while (file.advance(collected)) {
                long number = line.applyAsLong(Long.parseLong(file.place().substring(2)));
                rows.add(number + " " + file.columns() + " " + fields + " " + (file.refusal() != null));
                fields.clear();
            }
        }
        return rows;
    }
}
