package io.treegrad.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.treegrad.common.Failpoint;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A path on a local disk, accessed through the JDK. Hadoop would start a process to set the permissions of each new
 * file and directory. It would check that there is no file and create one in two steps, so that two processes could
 * both succeed. And resolving its paths takes a third of the time of a small checkpoint.
 */
record LocalPath(Path path) implements StoragePath {
    private static final int BUFFER_BYTES = 1 << 16;

    @Override
    public InputStream open() throws IOException {
        return new BufferedInputStream(new FileInputStream(path.toFile()));
    }

    @Override
    public long length() throws IOException {
        return attributes().size();
    }

    @Override
    public long modified() throws IOException {
        return attributes().lastModifiedTime().toMillis();
    }

    private BasicFileAttributes attributes() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw (FileNotFoundException) new FileNotFoundException(path + " does not exist").initCause(e);
        }
    }

    @Override
    public void setModified(long millis) throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(millis));
    }

    @Override
    public boolean isFile() {
        return Files.isRegularFile(path);
    }

    @Override
    public FileDigest write(FileContent content) throws IOException {
        return write(content, CREATE_NEW);
    }

    @Override
    public void replace(FileContent content, Runnable lastLook) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            lastLook.run();
            write(content, CREATE, TRUNCATE_EXISTING); // a device, which must stay one
            return;
        }
        if (Files.isSymbolicLink(path)) { // stays one, also where there is nothing yet at its end
            new LocalPath(target()).replace(content, lastLook);
            return;
        }
        LocalPath complete = sibling();
        try {
            complete.write(content);
            Failpoint.reach("replacement-filled", 0);
            lastLook.run();
            Files.move(complete.path, path, ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(complete.path);
        }
    }

    /** What this link leads to: the file at its end if there is one. */
    private Path target() throws IOException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            return path.resolveSibling(Files.readSymbolicLink(path));
        }
    }

    /** Beside this path, under a name never used before. */
    private LocalPath sibling() {
        return new LocalPath(path.resolveSibling(path.getFileName() + ".new-" + UUID.randomUUID()));
    }

    private FileDigest write(FileContent content, OpenOption... how) throws IOException {
        makeDirectories(path.getParent());
        Set<OpenOption> options = new HashSet<>(List.of(how));
        options.add(WRITE);
        try (FileChannel channel = FileChannel.open(path, options);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
            FileDigest digest = FileDigest.ofWriting(content, out);
            if (Files.isRegularFile(path)) {
                channel.force(true);
            }
            return digest;
        }
    }

    /** The file gets its name only when it is complete: a process that is killed before leaves no file of that name. */
    @Override
    public boolean create(byte[] bytes) throws IOException {
        LocalPath complete = sibling();
        try {
            complete.write(out -> out.write(bytes));
            Failpoint.reach("lock-filled", 0);
            try {
                Files.createLink(path, complete.path);
            } catch (UnsupportedOperationException | FileSystemException e) {
                if (e instanceof FileAlreadyExistsException) {
                    throw e;
                }
                write(out -> out.write(bytes)); // the disk does not support links
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(complete.path);
        }
    }

    @Override
    public boolean rename(String to) throws IOException {
        try {
            Files.move(path, path.resolveSibling(to));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void makeDirectory() throws IOException {
        makeDirectories(path);
    }

    /**
     * One after the other, since the JDK would not make the first of {@code missing/../name}. Where something else has the
     * name of one, it says only that.
     */
    private static void makeDirectories(Path directory) throws IOException {
        if (directory.getParent() != null && Files.notExists(directory.getParent())) {
            makeDirectories(directory.getParent());
        }
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            Path other = Path.of(e.getFile());
            String what = Files.isSymbolicLink(other) && !Files.exists(other)
                    ? "it is a link to " + Files.readSymbolicLink(other) + ", which does not exist"
                    : "it is no directory";
            throw (FileSystemException) new FileSystemException(e.getFile(), null, what).initCause(e);
        }
    }

    @Override
    public void delete() throws IOException {
        if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
            for (Path entry : entries()) {
                new LocalPath(entry).delete();
            }
        }
        Files.deleteIfExists(path);
    }

    @Override
    public List<String> names() throws IOException {
        return entries().stream()
                .map(entry -> entry.getFileName().toString())
                .sorted()
                .toList();
    }

    /** Empty if there is no such directory. */
    private List<Path> entries() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path)) {
            found.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
