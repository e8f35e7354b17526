package io.treegrad.spark;

import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** Files reached through Hadoop paths: {@code file:}, {@code hdfs:}, {@code s3a:}; a path without a scheme is Hadoop's default. */
public final class HadoopStorage implements Storage {
    private static final long serialVersionUID = 1;

    private final SerializableConfiguration configuration;

    public HadoopStorage(Configuration configuration) {
        this.configuration = new SerializableConfiguration(configuration);
    }

    @Override
    public InputStream open(String path) throws IOException {
        return fileSystem(path).open(new Path(path));
    }

    @Override
    public long length(String path) throws IOException {
        return fileSystem(path).getFileStatus(new Path(path)).getLen();
    }

    @Override
    public boolean exists(String path) throws IOException {
        try {
            FileStatus status = fileSystem(path).getFileStatus(new Path(path));
            return status.isFile();
        } catch (java.io.FileNotFoundException e) {
            return false;
        }
    }

    private FileSystem fileSystem(String path) throws IOException {
        return new Path(path).getFileSystem(configuration.value());
    }
}
