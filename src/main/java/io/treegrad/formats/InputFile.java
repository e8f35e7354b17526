package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/** What all formats need of a file: that it is there, plain or gzip, and what to tell the user otherwise. */
final class InputFile {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
    /** More than gzip makes of nothing, with the name of a file. */
    private static final int MOST_BYTES_OF_NOTHING = 300;

    private InputFile() {}

    /**
     * The content, decompressed if it is gzip.
     *
     * @throws UserError INPUT_MISSING if there is no such file, BAD_DATA if it is damaged
     */
    static InputStream open(Storage storage, String path) throws IOException {
        require(storage, path);
        try {
            return Gunzip.ifCompressed(storage.open(path));
        } catch (EOFException | ZipException damage) {
            throw damaged(path, damage);
        }
    }

    /** The first bytes of the content, or all if there are fewer. */
    static byte[] firstBytes(Storage storage, String path, int count) throws IOException {
        try (InputStream in = open(storage, path)) {
            return in.readNBytes(count);
        } catch (EOFException | ZipException damage) {
            throw damaged(path, damage);
        }
    }

    /** The files of a table that have content; all if none has: Spark and Hive write an empty file for a task without rows. */
    static List<String> withContent(Storage storage, List<String> paths) throws IOException {
        List<String> found = new ArrayList<>();
        for (String path : paths) {
            boolean mayBeEmpty = storage.length(path) <= MOST_BYTES_OF_NOTHING;
            if (!mayBeEmpty || firstBytes(storage, path, 1).length > 0) {
                found.add(path);
            }
        }
        return found.isEmpty() ? paths : found;
    }

    /** @throws UserError INPUT_MISSING if there is no such file */
    static void require(Storage storage, String path) throws IOException {
        if (!storage.exists(path)) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path + ": there is no such file or directory, expected data; check the path.");
        }
    }

    /**
     * An array for the values of some rows of a file.   [rows × features]
     *
     * @throws UserError if none can be so long
     */
    static float[] values(String path, int rows, int features) {
        long length = (long) rows * features;
        if (length > LONGEST_ARRAY) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            path + ": " + rows + " rows of " + features
                                    + " values are wanted at once, expected at most " + LONGEST_ARRAY
                                    + " values; use more partitions.")
                    .fixedBy("partitions");
        }
        return new float[(int) length];
    }

    static UserError damaged(String path, IOException damage) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": " + damage.getMessage() + ", expected a whole file; get it again.",
                damage);
    }
}
