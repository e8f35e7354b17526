package io.treegrad.formats;

import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** A small CSV file in the jar of the program, so that every task has it. */
public record BuiltInTable(Name name, TextSource table) implements RowSource {
    /** The available tables. */
    public enum Name {
        /** Two inputs, a column of ones that stands for the bias, and their exclusive or.   [4 rows] */
        XOR("xor", 1),
        /** The segments a to g of each digit, and the digit in ten one-hot columns.   [10 rows] */
        SEVEN_SEGMENT("seven-segment", 10);

        private final String title;
        /** The last columns, which hold the label. */
        private final int labelColumns;

        Name(String title, int labelColumns) {
            this.title = title;
            this.labelColumns = labelColumns;
        }

        /** The name in {@code --data}. */
        public String title() {
            return title;
        }
    }

    /** Reads resources beside this class, from the jar and from no other storage. */
    private record JarStorage() implements Storage {
        @Override
        public InputStream open(String path) throws IOException {
            InputStream in = BuiltInTable.class.getResourceAsStream(path);
            if (in == null) {
                throw new FileNotFoundException(path + " is missing in the jar");
            }
            return in;
        }

        @Override
        public long length(String path) throws IOException {
            try (InputStream in = open(path)) {
                return in.readAllBytes().length;
            }
        }

        @Override
        public long modified(String path) {
            return 0; // no user changes it
        }

        @Override
        public boolean exists(String path) {
            return BuiltInTable.class.getResource(path) != null;
        }

        @Override
        public List<String> list(String directory) {
            return List.of();
        }
    }

    public static BuiltInTable open(Name name) throws IOException {
        return new BuiltInTable(
                name, CsvTable.open(new JarStorage(), name.title + ".csv", TableLabel.oneHot(name.labelColumns)));
    }

    /** @param title of the table, one of {@link #titles} */
    public static BuiltInTable open(String title) throws IOException {
        for (Name name : Name.values()) {
            if (name.title.equals(title)) {
                return open(name);
            }
        }
        throw new IllegalArgumentException("no built-in table " + title);
    }

    public static List<String> titles() {
        return Arrays.stream(Name.values()).map(Name::title).toList();
    }

    @Override
    public long rows() {
        return table.rows();
    }

    @Override
    public Shape shape() {
        return table.shape();
    }

    @Override
    public int classes() {
        return table.classes();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        return table.read(wanted, new JarStorage());
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        return table.labels(new JarStorage());
    }

    @Override
    public List<String> paths() {
        return List.of();
    }

    @Override
    public String describe() {
        return "the built-in table " + name.title + " (" + rows() + " rows of " + shape() + ")";
    }
}
