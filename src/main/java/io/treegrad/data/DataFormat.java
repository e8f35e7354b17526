package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.ZipException;

/** How rows are written in a file. */
public enum DataFormat {
    IDX,
    CSV;

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static final int BYTES_LOOKED_AT = 512;

    /** The format according to the first bytes, decompressed if they are gzip: text is CSV. */
    public static DataFormat of(Storage storage, String path) throws IOException {
        if (!storage.exists(path)) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path + ": there is no such file, expected IDX or CSV, plain or gzip; check the path.");
        }
        try (InputStream in = Gunzip.ifCompressed(storage.open(path))) {
            for (byte value : in.readNBytes(BYTES_LOOKED_AT)) {
                if (value >= 0 && value < '\t') {
                    return IDX;
                }
            }
            return CSV;
        } catch (EOFException | ZipException damage) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ": " + damage.getMessage() + ", expected a whole file; get it again.",
                    damage);
        }
    }
}
