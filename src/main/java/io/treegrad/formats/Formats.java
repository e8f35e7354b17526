package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Opens files of every format, and tells formats apart by their first bytes. */
public final class Formats {
    private static final int BYTES_LOOKED_AT = 512;
    private static final Pattern LIBSVM_LINE =
            Pattern.compile("(#[^\n]*\n)*[-+0-9.eE]+[ \t]+[0-9]+:[-+0-9.eE]+\\s.*", Pattern.DOTALL);

    /** First bytes of files that hold no rows, and what to tell their owners. */
    private static final Map<String, String> STRANGERS = Map.of(
            "version https://git-lfs", "a pointer of Git LFS instead of the file; fetch it with git lfs pull",
            "<!doctype html", "a web page instead of data; the download failed or needs a login: get the file again",
            "<html", "a web page instead of data; the download failed or needs a login: get the file again",
            "<?xml", "XML instead of data; the download may have failed: get the file again",
            "\u0089HDF", "HDF5; write the arrays with numpy.savez",
            "\u0093NUMPY", "a single array of NumPy; write pictures and labels together with numpy.savez(x=..., y=...)",
            "\u0080", "a pickle of Python, which could run any program; write the arrays with numpy.savez",
            "\u00FD7zXZ", "an xz archive; unpack it",
            "BZh", "a bzip2 archive; unpack it",
            "7z\u00BC\u00AF", "a 7-zip archive; unpack it");

    private Formats() {}

    /**
     * Files as one data set.
     *
     * @param paths at least one, in the order of their rows
     */
    public static OpenedData open(DataFormat format, Storage storage, List<String> paths, ReadingOptions options)
            throws IOException {
        return switch (format) {
            case IDX -> IdxFiles.open(storage, paths, options);
            case NPZ -> NpzFile.open(storage, paths, options);
            case LIBSVM -> LibsvmTable.open(storage, paths, options);
            case PARQUET -> ParquetTable.open(storage, paths, options);
            case IMAGES -> PictureFiles.open(paths, options);
            case CSV -> CsvTable.open(storage, paths, options);
        };
    }

    /** The format of files that make up one data set: that of the first whose name does not say that it is another. */
    public static DataFormat of(Storage storage, List<String> paths) throws IOException {
        boolean areIdx = paths.size() > 1 && paths.stream().anyMatch(path -> path.matches(".*[-.]idx[1-4][-.a-z]*"));
        return areIdx ? DataFormat.IDX : of(storage, paths.get(0));
    }

    /** The format according to the first bytes, decompressed if they are gzip: text is LIBSVM or CSV. */
    public static DataFormat of(Storage storage, String path) throws IOException {
        byte[] bytes = InputFile.firstBytes(storage, path, BYTES_LOOKED_AT);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String start = text.stripLeading().toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> stranger : STRANGERS.entrySet()) {
            if (start.startsWith(stranger.getKey().toLowerCase(Locale.ROOT))) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        path + ": found " + stranger.getValue() + ". Expected one of "
                                + List.of(DataFormat.values()).stream()
                                        .map(DataFormat::label)
                                        .toList() + ".");
            }
        }
        if (text.startsWith("PK\3\4")) {
            return DataFormat.NPZ;
        }
        if (text.startsWith("\u0089PNG") || text.startsWith("\u00FF\u00D8\u00FF")) {
            return DataFormat.IMAGES;
        }
        if (text.startsWith("PAR1")) {
            return DataFormat.PARQUET;
        }
        boolean isUtf16 = text.startsWith("\u00FF\u00FE") || text.startsWith("\u00FE\u00FF");
        if (!isUtf16 && text.chars().anyMatch(c -> c < '\t')) {
            return DataFormat.IDX;
        }
        return LIBSVM_LINE.matcher(text.stripLeading()).matches() ? DataFormat.LIBSVM : DataFormat.CSV;
    }
}
