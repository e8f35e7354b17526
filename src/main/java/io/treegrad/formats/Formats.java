package io.treegrad.formats;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens files of every format, and tells formats apart by their first bytes. */
public final class Formats {
    private static final int BYTES_LOOKED_AT = 512;
    private static final int SHOWN_BYTES = 4;
    private static final Pattern UTF_16 = Pattern.compile("([\t-~]\0){2}.*|(\0[\t-~]){2}.*", Pattern.DOTALL);
    private static final Pattern NAME_OF_IDX = Pattern.compile(".*[-.]idx[1-4][-.a-z]*");
    /** After comments, and rows in which all values are zero. */
    private static final Pattern LIBSVM_LINE = Pattern.compile(
            "(#[^\n]*\n\\s*)*([-+0-9.eE]+[ \t]*\r?\n)*[-+0-9.eE]+[ \t]+([0-9]+|qid):[-+0-9.eE]+\\s.*", Pattern.DOTALL);

    /** After comments; two pairs, since a single one may be a time of day. */
    private static final Pattern SEVERAL_LABELS = Pattern.compile(
            "(?:#[^\n]*\n\\s*)*([-+0-9.eE]+(?:,[-+0-9.eE]+)+)(?:[ \t]+[0-9]+:[-+0-9.eE]+){2}\\s.*", Pattern.DOTALL);

    /**
     * A format of which no rows are read.
     *
     * @param start its first bytes
     * @param advice what it is, and what to do
     */
    private record UnreadableFormat(String start, String advice) {
        /** Text may begin in any case, after blanks. A word alone may also be the name of a column. */
        boolean isStartOf(String bytes) {
            if (WORD.matcher(start).matches()) {
                return bytes.startsWith(start) && !isText(bytes);
            }
            String text = bytes.stripLeading();
            return text.regionMatches(true, 0, start, 0, start.length());
        }
    }

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+");

    private static final String WEB_PAGE =
            "a web page instead of data; the download failed or needs a login: get the file again";
    /** Comments before its first line, of which the bytes looked at may hold no end. A column may be called %, too. */
    private static final Pattern ARFF_START =
            Pattern.compile("(?i)\\s*(%[^\n]*\n\\s*)*@relation\\s.*|\\s*(%[^\n]*\n\\s*){2,}(%[^\n]*)?", Pattern.DOTALL);

    private static final String ARFF =
            "an ARFF file of Weka; what follows the line @data is CSV: keep that, under a line with the names of the columns";
    private static final String JSON = "JSON; write the rows as CSV or Parquet";
    private static final Pattern JSON_ARRAY = Pattern.compile("\\s*\\[\\s*[\\[{].*", Pattern.DOTALL);

    private static final String OTHER_PICTURE = "a picture that is neither PNG nor JPEG; convert it";
    private static final String TAR = "ustar";
    private static final int TAR_OFFSET = 257;

    private static final List<UnreadableFormat> UNREADABLE = List.of(
            new UnreadableFormat(
                    "version https://git-lfs", "a pointer of Git LFS instead of the file; fetch it with git lfs pull"),
            new UnreadableFormat("<!doctype html", WEB_PAGE),
            new UnreadableFormat("<html", WEB_PAGE),
            new UnreadableFormat("<?xml", "XML instead of data; the download may have failed: get the file again"),
            new UnreadableFormat("{", JSON),
            new UnreadableFormat("%PDF", "a PDF; write the rows as CSV"),
            new UnreadableFormat("\u0089HDF", "HDF5; write the arrays with numpy.savez"),
            new UnreadableFormat(
                    "\u0093NUMPY",
                    "a single array of NumPy; write pictures and labels together with numpy.savez(x=..., y=...)"),
            new UnreadableFormat(
                    "\u0080", "a pickle of Python, which could run any program; write the arrays with numpy.savez"),
            new UnreadableFormat("MATLAB", "a file of MATLAB; write the rows as CSV"),
            new UnreadableFormat("\u00D0\u00CF\u0011\u00E0", "a workbook of Excel; save it as CSV"),
            new UnreadableFormat("SQLite format 3", "a database of SQLite; write the rows as CSV"),
            new UnreadableFormat("ARROW1", "Arrow; write the rows as Parquet"),
            new UnreadableFormat("ORC", "ORC; write the rows as Parquet"),
            new UnreadableFormat("Obj\u0001", "Avro; write the rows as Parquet"),
            new UnreadableFormat("(\u00B5/\u00FD", "a zstd archive; unpack it"),
            new UnreadableFormat("\u00FD7zXZ", "an xz archive; unpack it"),
            new UnreadableFormat("BZh", "a bzip2 archive; unpack it"),
            new UnreadableFormat("GIF8", OTHER_PICTURE),
            new UnreadableFormat("BM", OTHER_PICTURE),
            new UnreadableFormat("RIFF", OTHER_PICTURE),
            new UnreadableFormat("II*\0", OTHER_PICTURE),
            new UnreadableFormat("MM\0*", OTHER_PICTURE),
            new UnreadableFormat("Rar!", "a rar archive; unpack it"),
            new UnreadableFormat("7z\u00BC\u00AF", "a 7-zip archive; unpack it"));

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
            case LIBSVM -> LibsvmTable.open(storage, InputFile.withContent(storage, paths), options);
            case PARQUET -> ParquetTable.open(storage, paths, options);
            case IMAGES -> PictureFiles.open(paths, options);
            case CSV -> CsvTable.open(storage, InputFile.withContent(storage, paths), options);
        };
    }

    /** The format of files that make up one data set: that of the first that is not empty, unless names say that it is IDX. */
    public static DataFormat of(Storage storage, List<String> paths) throws IOException {
        boolean areIdx = paths.size() > 1
                && paths.stream().anyMatch(path -> NAME_OF_IDX.matcher(path).matches());
        return areIdx
                ? DataFormat.IDX
                : of(storage, InputFile.withContent(storage, paths).get(0));
    }

    /** The format according to the first bytes, decompressed if they are gzip: text is LIBSVM or CSV. */
    public static DataFormat of(Storage storage, String path) throws IOException {
        byte[] bytes = InputFile.firstBytes(storage, path, BYTES_LOOKED_AT);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (UnreadableFormat format : UNREADABLE) {
            if (format.isStartOf(text)) {
                throw refusal(path, format.advice());
            }
        }
        if (ARFF_START.matcher(text).matches()) {
            throw refusal(path, ARFF);
        }
        if (JSON_ARRAY.matcher(text).matches()) {
            throw refusal(path, JSON);
        }
        if (text.startsWith(TAR, TAR_OFFSET)) {
            throw refusal(path, "a tar archive; unpack it");
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
        if (isText(text) || isUtf16(text)) {
            Matcher several = SEVERAL_LABELS.matcher(text.stripLeading());
            if (several.matches()) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        "%s: found rows of LIBSVM with several labels, %s, expected one label a row; keep one of them in each row, or train a model for each label."
                                .formatted(path, Printable.quoted(several.group(1))));
            }
            return LIBSVM_LINE.matcher(text.stripLeading()).matches() ? DataFormat.LIBSVM : DataFormat.CSV;
        }
        if (!text.startsWith("\0\0") && !NAME_OF_IDX.matcher(path).matches()) {
            String start = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(SHOWN_BYTES, bytes.length));
            throw refusal(path, "bytes of no known format (" + start + ")");
        }
        return DataFormat.IDX;
    }

    /** Text in which every other byte is zero is UTF-16 without the mark. */
    private static boolean isUtf16(String bytes) {
        boolean isMarked = bytes.startsWith("\u00FF\u00FE") || bytes.startsWith("\u00FE\u00FF");
        return isMarked || UTF_16.matcher(bytes).matches();
    }

    private static UserError refusal(String path, String what) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": found " + what + ". Expected one of "
                        + List.of(DataFormat.values()).stream()
                                .map(DataFormat::label)
                                .toList() + ".");
    }

    private static boolean isText(String bytes) {
        return bytes.chars().allMatch(c -> c >= '\t');
    }
}
