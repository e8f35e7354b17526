package io.treegrad.storage;

import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where a path leads, in the file system that it names, and what can be done there. */
sealed interface StoragePath permits LocalPath, HadoopPath {
    /** @throws FileNotFoundException if there is no file */
    InputStream open() throws IOException;

    /**
     * In bytes.
     *
     * @throws FileNotFoundException if there is no file
     */
    long length() throws IOException;

    /**
     * When it was last written, in milliseconds of the clock of its storage.
     *
     * @throws FileNotFoundException if there is none
     */
    long modified() throws IOException;

    /** Makes it look as if it had been written then; does nothing on storage that cannot. */
    void setModified(long millis) throws IOException;

    boolean isFile() throws IOException;

    /**
     * Writes a whole file and closes it, after its bytes have reached the disk where the file system knows how.
     *
     * @throws IOException if the file exists and may not be replaced, or cannot be written
     */
    FileDigest write(FileContent content, boolean replace) throws IOException;

    /** Writes a small file if there is none, in one indivisible step where the file system can; else returns false. */
    boolean create(byte[] bytes) throws IOException;

    /** Gives it another name in its directory, one that is free; false if it is not there. */
    boolean rename(String name) throws IOException;

    void makeDirectory() throws IOException;

    /** Removes a file, or a directory with all that it holds; does nothing if there is none. */
    void delete() throws IOException;

    /** Names of what a directory holds, sorted; none if there is no such directory. */
    List<String> names() throws IOException;
}
