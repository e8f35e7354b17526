package io.treegrad.benchmark;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes as many synthetic digits as are wanted, as a pair of IDX files or, with {@code csv} at the end, as one CSV file with
 * the label first, for runs on data that is larger than memory:
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="-cp %classpath io.treegrad.benchmark.ManyDigits /tmp/digits 2000000"
 * </pre>
 *
 * The same 20,000 digits come again and again: drawing them takes longer than writing them.
 */
public final class ManyDigits {
    private static final int DRAWN = 20_000;
    private static final int SIDE = 28;
    /** Of a file of unsigned bytes; the number of dimensions is added. */
    private static final int MAGIC = 0x800;

    private ManyDigits() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        Rows digits = new SyntheticDigits(1, 0, DRAWN).read(RowSet.range(0, DRAWN), new LocalStorage());
        byte[][] drawn = new byte[DRAWN][SIDE * SIDE];
        for (int row = 0; row < DRAWN; row++) {
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                drawn[row][pixel] = (byte) digits.value(row, pixel);
            }
        }
        if (arguments.length > 2 && arguments[2].equals("csv")) {
            writeCsv(directory.resolve("digits.csv"), digits, drawn, count);
        } else {
            writeIdx(directory, digits, drawn, count);
        }
    }

    private static void writeCsv(Path file, Rows digits, byte[][] drawn, int count) throws IOException {
        byte[][] lines = new byte[DRAWN][];
        for (int row = 0; row < DRAWN; row++) {
            StringBuilder line = new StringBuilder().append(digits.label(row));
            for (byte pixel : drawn[row]) {
                line.append(',').append(pixel & 0xFF);
            }
            lines[row] = line.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
        }
        try (OutputStream out = open(file)) {
            StringBuilder header = new StringBuilder("label");
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                header.append(",pixel").append(pixel);
            }
            out.write(header.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            for (int row = 0; row < count; row++) {
                out.write(lines[row % DRAWN]);
            }
        }
    }

    private static void writeIdx(Path directory, Rows digits, byte[][] drawn, int count) throws IOException {
        try (DataOutputStream pictures = open(directory.resolve("train-images-idx3-ubyte"));
                DataOutputStream labels = open(directory.resolve("train-labels-idx1-ubyte"))) {
            for (int size : new int[] {MAGIC + 3, count, SIDE, SIDE}) {
                pictures.writeInt(size);
            }
            labels.writeInt(MAGIC + 1);
            labels.writeInt(count);
            for (int row = 0; row < count; row++) {
                pictures.write(drawn[row % DRAWN]);
                labels.writeByte(digits.label(row % DRAWN));
            }
        }
    }

    private static DataOutputStream open(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20));
    }
}
