package io.treegrad.storage;

import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A path in its file system, and what can be done there. */
sealed interface StoragePath permits LocalPath, HadoopPath {
    static String withoutSlash(String path) {
        return path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
    }

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

    /** Sets its modification time; does nothing if the storage cannot. */
    void setModified(long millis) throws IOException;

    /** Whether it is a regular file: what a pipe or a device would give is no content of a file. */
    boolean isFile() throws IOException;

    /**
     * Writes a new file and closes it, after its bytes have reached the disk if the file system can ensure that.
     *
     * @throws IOException if the file exists or cannot be written
     */
    FileDigest write(FileContent content) throws IOException;

    /**
     * Writes a file, new or in place of one that is there. On local disks, HDFS and object stores that replace an object
     * as a whole, readers find the old content or the new one and never a part, whatever fails.
     *
     * @param lastLook called when the content is there and before readers find it, which it prevents by an exception;
     *     on storage that cannot rename, before anything is written
     */
    void replace(FileContent content, Runnable lastLook) throws IOException;

    default void replace(FileContent content) throws IOException {
        replace(content, () -> {});
    }

    /** Writes a small file if there is none, atomically if the file system can; otherwise returns false. */
    boolean create(byte[] bytes) throws IOException;

    /** Renames it within its directory to a name that is not in use; false if it does not exist. */
    boolean rename(String name) throws IOException;

    void makeDirectory() throws IOException;

    /** Removes a file, or a directory and everything in it; does nothing if there is none. */
    void delete() throws IOException;

    /** Sorted names of the entries of a directory; empty if there is no such directory. */
    List<String> names() throws IOException;
}
