package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Outputs below one {@code faulty:} path on which operations of the file system go wrong. After each fault the invariant
 * holds: all that has a {@code _SUCCESS} verifies, the newest checkpoint and the published model are the old ones or the
 * new ones, and the same action then passes.
 */
record OutputUnderFaults(Configuration configuration, String root) {
    private static final int MOST_OPERATIONS = 500;

    /** Something that changes what is stored. */
    interface Action {
        void on(String output);
    }

    /** Whether what is stored after a fault is the new state. */
    interface Check {
        boolean isNew(String output) throws IOException;
    }

    private boolean isOnHdfs() {
        return !root.startsWith("faulty:///");
    }

    HadoopStorage storage() {
        return new HadoopStorage(configuration);
    }

    /**
     * Lets operations go wrong until the action passes.
     *
     * @param first the number of the first operation to go wrong
     * @param stride how many operations lie between one that goes wrong and the next
     * @return the number of operations that the action takes when nothing goes wrong, rounded down by the stride
     */
    int everyOperation(FaultyFileSystem.Fault fault, int first, int stride, Action action, Check check)
            throws IOException {
        for (int n = first; n < MOST_OPERATIONS; n += stride) {
            String output = prepared(fault + "-" + n);
            FaultyFileSystem.arm(fault, n);
            UserError error = null;
            try {
                action.on(output);
            } catch (UserError e) {
                error = e;
            }
            boolean happened = FaultyFileSystem.disarm();
            String where = fault + " at operation " + n + (error == null ? "" : ": " + error.getMessage());
            verifyAll(output, fault, where);
            boolean isNew = check.isNew(output);
            if (error == null) {
                assertTrue(isNew || fault == FaultyFileSystem.Fault.LOSE_THE_END, "said to be done, " + where);
            } else {
                assertEquals(UserError.Kind.CANNOT_WRITE, kindOf(error), where);
                assertTrue(!isNew || fault == FaultyFileSystem.Fault.CRASH, "said to have failed, " + where);
            }
            twoMinutesPass(output);
            action.on(output); // what a fault leaves behind is in nobody's way for longer
            assertTrue(check.isNew(output), "again after " + where);
            if (!happened) {
                return n - 1;
            }
        }
        throw new AssertionError("the fault still happens at operation " + MOST_OPERATIONS);
    }

    /** Saving a checkpoint. */
    int savingSurvives(FaultyFileSystem.Fault fault, int first, int stride) throws IOException {
        Action save = output -> save(output, SmallRun.checkpoint(30, 3, 2, 1), 2);
        return everyOperation(fault, first, stride, save, output -> {
            Checkpoints checkpoints = run(output).checkpoints();
            long step = checkpoints.newest().orElseThrow().state().step();
            assertTrue(step == 20 || step == 30, "newest step " + step);
            if (fault != FaultyFileSystem.Fault.CRASH) {
                assertEquals(0, checkpoints.damaged(), "damaged checkpoints");
            }
            return step == 30;
        });
    }

    /** Publishing a model. */
    int publishingSurvives(FaultyFileSystem.Fault fault, int first, int stride) throws IOException {
        Action publish = output -> publish(output, "new", SmallRun.model(2));
        return everyOperation(fault, first, stride, publish, output -> {
            float number = published(output);
            assertTrue(number == 1 || number == 2, "published model " + number);
            return number == 2;
        });
    }

    /**
     * Writing a file of a run over one that is there: the old one, the new one, or none; where files are not replaced as a
     * whole, also one that cannot be taken for whole.
     */
    int replacingSurvives(String file, FaultyFileSystem.Fault fault, int first, int stride) throws IOException {
        byte[] before = "{\"status\":\"failed\",\"exitCode\":75}\n".getBytes(StandardCharsets.UTF_8);
        byte[] after = "{\"status\":\"succeeded\",\"exitCode\":0}\n".getBytes(StandardCharsets.UTF_8);
        Action write = output -> {
            RunDirectory run = run(output);
            try (Lock lock = run.lock("a test")) {
                if (run.read(file).isEmpty()) {
                    run.write(lock, file, out -> out.write(before));
                }
                try {
                    run.write(lock, file, out -> out.write(after));
                } catch (UserError e) {
                    run.remove(lock, file);
                    throw e;
                }
            }
        };
        return everyOperation(fault, first, stride, write, output -> {
            byte[] found = run(output).read(file).orElse(new byte[0]);
            assertTrue(
                    Arrays.equals(found, after)
                            || Arrays.equals(found, before)
                            || found.length == 0
                            || (!isOnHdfs() && !new String(found, StandardCharsets.UTF_8).endsWith("}\n")),
                    () -> "found " + new String(found, StandardCharsets.UTF_8));
            return Arrays.equals(found, after);
        });
    }

    /** For the lock, if one was left behind. */
    void twoMinutesPass(String output) throws IOException {
        for (String lock : List.of(output + "/LOCK", output + "/runs/r/LOCK")) {
            if (storage().exists(lock)) {
                StoragePath path = storage().at(lock);
                path.setModified(path.modified() - 120_000);
            }
        }
    }

    /** A lock or an old version that cannot be read is no failed write, but as bad. */
    private static UserError.Kind kindOf(UserError error) {
        return error.kind() == UserError.Kind.INPUT_MISSING || error.kind() == UserError.Kind.TRY_AGAIN
                ? UserError.Kind.CANNOT_WRITE
                : error.kind();
    }

    /** Asserts that all that has a {@code _SUCCESS} is whole. */
    void verifyAll(String output, FaultyFileSystem.Fault fault, String where) throws IOException {
        HadoopStorage storage = storage();
        List<String> broken = new ArrayList<>();
        for (String version : storage.at(output + "/versions").names()) {
            String path = output + "/versions/" + version;
            if (storage.exists(path + "/_SUCCESS")) {
                try {
                    ModelFiles.read(storage, path);
                } catch (UserError e) {
                    broken.add(e.getMessage());
                }
            }
        }
        String checkpoints = output + "/runs/r/checkpoints";
        for (String name : storage.at(checkpoints).names()) {
            if (storage.exists(checkpoints + "/" + name + "/_SUCCESS")) {
                try {
                    Checkpoint.read(storage, checkpoints + "/" + name);
                } catch (UserError e) {
                    broken.add(e.getMessage());
                }
            }
        }
        // a _SUCCESS cut short by a crash does not verify, so its directory does not count
        broken.removeIf(message -> fault == FaultyFileSystem.Fault.CRASH && message.contains("_SUCCESS"));
        assertEquals(List.of(), broken, where);
    }

    /** An output with a published model and two checkpoints. */
    String prepared(String name) {
        String output = root + "/" + name;
        publish(output, "old", SmallRun.model(1));
        save(output, SmallRun.checkpoint(10, 3), 2);
        save(output, SmallRun.checkpoint(20, 3, 2), 2);
        return output;
    }

    String save(String output, Checkpoint checkpoint, int keep) {
        try (Lock lock = run(output).lock("a test")) {
            return run(output).checkpoints().save(lock, checkpoint, keep);
        }
    }

    void write(String output, String name, byte[] bytes) {
        try (Lock lock = run(output).lock("a test")) {
            run(output).write(lock, name, out -> out.write(bytes));
        }
    }

    void publish(String output, String version, TrainedModel model) {
        OutputDirectory directory = new OutputDirectory(storage(), output);
        try (Lock lock = directory.lockForPublishing("a test")) {
            directory.publish(lock, version, model);
        }
    }

    /** The first parameter of the published model, which tells {@link SmallRun#model models} apart. */
    float published(String output) {
        return new OutputDirectory(storage(), output)
                .published()
                .orElseThrow()
                .model()
                .parameters()[0];
    }

    RunDirectory run(String output) {
        return new OutputDirectory(storage(), output).run("r");
    }
}
