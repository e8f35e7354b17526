package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSource;
import io.treegrad.data.Storage;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Arrays in a zip archive as {@code numpy.savez} writes it, read from the stream: nothing is unpacked to disk, and arrays
 * of Python objects, which are pickles, are refused. Source: numpy.lib.format.
 *
 * @param file path of the archive
 * @param entry name of an array, with {@code .npy}
 */
record NpzFile(String file, String entry) implements ArrayPlace {
    private static final int MOST_HEADER_BYTES = 1 << 16;
    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': '([<>|=])([a-zA-Z])([0-9]{1,2})', 'fortran_order': (True|False), 'shape': \\(([0-9, ]+)\\),? ?\\}\\s*");

    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("u1", ElementType.UNSIGNED_BYTE),
            Map.entry("b1", ElementType.UNSIGNED_BYTE),
            Map.entry("i1", ElementType.BYTE),
            Map.entry("u2", ElementType.UNSIGNED_SHORT),
            Map.entry("i2", ElementType.SHORT),
            Map.entry("u4", ElementType.UNSIGNED_INT),
            Map.entry("i4", ElementType.INT),
            Map.entry("u8", ElementType.UNSIGNED_LONG),
            Map.entry("i8", ElementType.LONG),
            Map.entry("f2", ElementType.HALF),
            Map.entry("f4", ElementType.FLOAT),
            Map.entry("f8", ElementType.DOUBLE));

    private static final List<String> VALUES = List.of("x", "images", "data", "features", "arr_0");
    private static final List<String> LABELS = List.of("y", "labels", "label", "target", "targets", "arr_1");

    /** An archive, with test rows if it has them. */
    static OpenedData open(Storage storage, List<String> paths, ReadingOptions options) throws IOException {
        if (paths.size() > 1) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "found " + paths.size() + " files from " + paths.get(0)
                            + ", expected one npz file; name it, or write the rows as CSV or Parquet.");
        }
        String path = paths.get(0);
        List<String> entries;
        try (ZipArchive archive = new ZipArchive(storage, path)) {
            entries = archive.names();
        }
        if (entries.stream().noneMatch(entry -> entry.endsWith(".npy"))) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    entries.contains("[Content_Types].xml")
                            ? path + ": found a workbook of Excel; save it as CSV."
                            : path + ": found a zip archive of " + entries + ", expected arrays of NumPy; unpack it.");
        }
        Optional<String> train = find(entries, "train", VALUES).or(() -> find(entries, "", VALUES));
        Optional<String> trainLabels = find(entries, "train", LABELS).or(() -> find(entries, "", LABELS));
        Optional<String> test = find(entries, "test", VALUES);
        Optional<String> testLabels = find(entries, "test", LABELS);
        if (train.isEmpty() || (trainLabels.isEmpty() && !options.labelsOptional() && !options.isUnlabelled())) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ": found the arrays " + entries
                            + ", expected x_train and y_train, with x_test and y_test if there are test rows, or x and"
                            + " y; rename them.");
        }
        RowSource source = source(storage, path, train.get(), trainLabels, options);
        if (test.isEmpty() || testLabels.isEmpty()) {
            return new OpenedData(source, Optional.empty());
        }
        ReadingOptions like = options.like().isPresent() || options.isUnlabelled()
                ? options
                : options.withLike(new ReadingOptions.Precedent(
                        source.reading().orElseThrow(), source.classNames(), source.features()));
        return new OpenedData(source, Optional.of(source(storage, path, test.get(), testLabels, like)));
    }

    private static RowSource source(
            Storage storage, String path, String values, Optional<String> labels, ReadingOptions options)
            throws IOException {
        return ArraySource.open(
                storage,
                DataFormat.NPZ,
                new NpzFile(path, values),
                labels.map(entry -> new NpzFile(path, entry)),
                options,
                Optional.empty());
    }

    /** The array of a name alone, or of the name with the part before or after it. */
    private static Optional<String> find(List<String> entries, String part, List<String> names) {
        return names.stream()
                .flatMap(name ->
                        part.isEmpty() ? Stream.of(name) : Stream.of(name + "_" + part, part + "_" + name, name + part))
                .flatMap(name -> entries.stream().filter(entry -> entry.equalsIgnoreCase(name + ".npy")))
                .findFirst();
    }

    @Override
    public String path() {
        return file + ":" + entry;
    }

    @Override
    public ArrayFile open(Storage storage) throws IOException {
        InputFile.require(storage, file);
        ZipArchive archive = new ZipArchive(storage, file);
        try {
            return array(new BufferedInputStream(archive.open(entry)
                    .orElseThrow(() -> bad("no array of this name", "the same file as when it was first opened"))));
        } catch (EOFException | ZipException damage) {
            archive.close();
            throw InputFile.damaged(path(), damage);
        } catch (IOException | RuntimeException failure) {
            archive.close();
            throw failure;
        }
    }

    private ArrayFile array(InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8
                || !Arrays.equals(Arrays.copyOf(start, 6), "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1))) {
            throw bad("no array of NumPy", "one");
        }
        byte[] length = in.readNBytes(start[6] == 1 ? 2 : 4);
        int bytes = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            bytes = bytes << 8 | (length[i] & 0xFF);
        }
        if (bytes < 0 || bytes > MOST_HEADER_BYTES) {
            throw bad("a header of " + bytes + " bytes", "at most " + MOST_HEADER_BYTES);
        }
        String header = new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1).strip();
        Matcher parts = HEADER.matcher(header);
        if (header.contains("'|O'")) {
            throw bad("Python objects", "numbers; objects are pickles, which could run any program");
        }
        ElementType type = parts.matches() ? TYPES.get(parts.group(2) + parts.group(3)) : null;
        if (type == null) {
            throw bad("the header " + header, "an array of whole numbers or floats");
        }
        int[] sizes;
        try {
            sizes = Arrays.stream(parts.group(5).split(","))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException tooLarge) {
            throw bad("the header " + header, "sizes below 2^31");
        }
        if (sizes.length == 0 || sizes.length > 4) {
            throw bad(sizes.length + " dimensions", "1 to 4");
        }
        if (parts.group(4).equals("True") && sizes.length > 1) {
            throw bad("columns one after the other (fortran_order)", "rows, as numpy.ascontiguousarray(x) has them");
        }
        ByteOrder order = parts.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new ArrayFile(path(), in, type, order, sizes);
    }

    private UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path() + ": found " + found + ", expected " + expected + "; write it again with numpy.savez.");
    }
}
