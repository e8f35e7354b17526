package io.treegrad.storage;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Carries Hadoop's configuration to tasks. It can write itself but is not {@link Serializable}. */
final class SerializableConfiguration implements Serializable {
    private static final long serialVersionUID = 1;

    private transient Configuration value;

    SerializableConfiguration(Configuration value) {
        this.value = value;
    }

    Configuration value() {
        return value;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        value.write(out);
    }

    private void readObject(ObjectInputStream in) throws IOException {
        value = new Configuration(false);
        value.readFields(in);
    }
}
