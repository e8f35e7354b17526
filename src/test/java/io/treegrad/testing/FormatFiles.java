package io.treegrad.testing;

import io.treegrad.data.DataFormat;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.Rows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The same digits of 28 × 28 pixels packed in each format. */
public final class FormatFiles {
    private static final int WIDTH = 28;
    private static final long SMALL_GROUP = 4096;
    private static final long USUAL_GROUP = 1 << 27;

    private FormatFiles() {}

    /** Writes rows as a file of a format, or as a pair of files. */
    public static Path write(DataFormat format, Path directory, Rows rows) throws IOException {
        return switch (format) {
            case IDX -> idx(directory, rows);
            case NPZ -> npz(directory.resolve("digits.npz"), rows);
            case CSV -> Files.write(directory.resolve("digits.csv"), csv(rows));
            case LIBSVM ->
                Files.write(
                        directory.resolve("digits.libsvm"),
                        IntStream.range(0, rows.count())
                                .mapToObj(row -> libsvm(rows, row))
                                .toList());
            case PARQUET -> {
                Path file = directory.resolve("digits.parquet");
                parquet(file, USUAL_GROUP, rows, 0, rows.count());
                yield file;
            }
            case IMAGES -> throw new IllegalArgumentException("a picture a file is no table of rows");
        };
    }

    /** The lines of a table, the label last. */
    public static List<String> csv(Rows rows) {
        return IntStream.range(0, rows.count()).mapToObj(row -> csv(rows, row)).toList();
    }

    /** Some rows, in groups of few. */
    public static void parquet(Path file, Rows rows, int first, int count) throws IOException {
        parquet(file, SMALL_GROUP, rows, first, count);
    }

    /** With the values in a column of arrays. */
    private static void parquet(Path file, long bytesOfAGroup, Rows rows, int first, int count) throws IOException {
        ParquetTables.write(
                file,
                CompressionCodecName.SNAPPY,
                bytesOfAGroup,
                "message spark_schema { required int32 label; required group pixels (LIST) { repeated group list {"
                        + " required int32 element; } } }",
                count,
                (row, group) -> {
                    group.add("label", rows.label(first + row));
                    Group pixels = group.addGroup("pixels");
                    for (int pixel = 0; pixel < rows.features(); pixel++) {
                        pixels.addGroup("list").add("element", (int) rows.value(first + row, pixel));
                    }
                });
    }

    private static Path idx(Path directory, Rows rows) throws IOException {
        Path pictures = directory.resolve("train-images-idx3-ubyte");
        Files.write(pictures, IdxBytes.join(IdxBytes.header(rows.count(), WIDTH, WIDTH), pixels(rows)));
        Files.write(
                directory.resolve("train-labels-idx1-ubyte"),
                IdxBytes.join(IdxBytes.header(rows.count()), labels(rows)));
        return pictures;
    }

    private static Path npz(Path file, Rows rows) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(zip, "x.npy", "(" + rows.count() + ", 28, 28)", pixels(rows));
            put(zip, "y.npy", "(" + rows.count() + ",)", labels(rows));
        }
        return file;
    }

    private static byte[] pixels(Rows rows) {
        byte[] pixels = new byte[rows.count() * rows.features()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rows.value(i / rows.features(), i % rows.features());
        }
        return pixels;
    }

    private static byte[] labels(Rows rows) {
        byte[] labels = new byte[rows.count()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = (byte) rows.label(row);
        }
        return labels;
    }

    private static String csv(Rows rows, int row) {
        StringBuilder line = new StringBuilder();
        for (int pixel = 0; pixel < rows.features(); pixel++) {
            line.append((int) rows.value(row, pixel)).append(',');
        }
        return line.append(rows.label(row)).toString();
    }

    private static String libsvm(Rows rows, int row) {
        StringBuilder line = new StringBuilder().append(rows.label(row));
        for (int pixel = 0; pixel < rows.features(); pixel++) {
            int value = (int) rows.value(row, pixel);
            // the last pixel is written although it is zero, so that all formats have as many
            line.append(value != 0 || pixel == rows.features() - 1 ? " " + (pixel + 1) + ":" + value : "");
        }
        return line.toString();
    }

    private static void put(ZipOutputStream zip, String name, String shape, byte[] data) throws IOException {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }\n";
        zip.putNextEntry(new ZipEntry(name));
        OutputStream out = zip;
        out.write(("\u0093NUMPY\1\0" + (char) header.length() + "\0" + header).getBytes(StandardCharsets.ISO_8859_1));
        out.write(data);
    }
}
