package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.data.BadRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Storage;
import io.treegrad.model.FileDigest;
import io.treegrad.model.PredictedRows;
import io.treegrad.model.PredictionTable;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.Network;
import io.treegrad.storage.Lock;
import io.treegrad.storage.PartDirectory;
import io.treegrad.worker.WorkSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * Predicts the rows of a source where Spark puts the tasks: each reads its rows, predicts and writes them, and forgets them.
 * The driver holds the text of one task at a time, or nothing but the names of files.
 */
public final class Predictions {
    /** Rows of one forward pass. */
    private static final int BLOCK = 512;
    /** Rows that a task holds at once take about so many bytes. */
    private static final long BYTES_OF_A_TASK = 32L << 20;
    /** Of an output: its float, and its text where the driver writes. */
    private static final int BYTES_OF_AN_OUTPUT = 16;
    /** More parts do not fit a manifest. */
    private static final int MOST_PARTS = 5000;

    private static final int MOST_FAULTS_TOLD = 10;

    private final Cluster cluster;
    private final Task task;

    /**
     * What was predicted.
     *
     * @param faults of the first rows that were passed over
     */
    public record Outcome(long rows, long badRows, List<String> faults) {}

    /** All that a task needs except its number, and where it writes to. */
    private record Task(
            RowSource source,
            long rows,
            int partitions,
            Storage storage,
            WorkSpec spec,
            Broadcast<float[]> parameters,
            PredictionTable table,
            int mostBadRows)
            implements Serializable {
        /** @param directory that it writes to; null if it returns text */
        Part run(int partition, PartDirectory directory) throws IOException {
            try {
                return predict(partition, directory);
            } catch (UserError refusal) { // as a value: Spark would log its stack, and try again
                return new Part(null, null, 0, 0, List.of(), refusal.withoutCause());
            }
        }

        private Part predict(int partition, PartDirectory directory) throws IOException {
            RowSet wanted = RowSet.range(rows * partition / partitions, rows * (partition + 1) / partitions);
            BadRows bad = new BadRows(mostBadRows);
            Rows read = source.read(wanted, storage, bad);
            String[] ids = table.hasIds() ? source.ids(wanted, storage) : null;
            PredictedRows predicted = predicted(read, wanted, ids, bad);
            List<String> faults = bad.faults().stream()
                    .limit(MOST_FAULTS_TOLD)
                    .map(UserError::getMessage)
                    .toList();
            if (directory == null) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                table.write(predicted, text);
                return new Part(
                        null, text.toString(StandardCharsets.UTF_8), predicted.count(), bad.count(), faults, null);
            }
            PartDirectory.WrittenPart part =
                    directory.write(partition, table.format().suffix(), out -> {
                        out.write(table.header());
                        table.write(predicted, out);
                    });
            return new Part(part, null, predicted.count(), bad.count(), faults, null);
        }

        private PredictedRows predicted(Rows read, RowSet wanted, String[] ids, BadRows bad) {
            Network network = spec.network();
            int good = read.count() - bad.count();
            long[] numbers = new long[good];
            String[] goodIds = ids == null ? null : new String[good];
            float[] outputs = new float[Math.multiplyExact(good, network.outputs())];
            Batch batch = read.newBatch(BLOCK);
            Backpropagation forward = new Backpropagation(network, BLOCK);
            int next = 0;
            int done = 0;
            for (int row = 0; row < read.count(); row++) {
                long number = wanted.at(row);
                if (!bad.contains(number)) {
                    numbers[next] = number;
                    if (goodIds != null) {
                        goodIds[next] = ids[row];
                    }
                    next++;
                    read.addTo(batch, row, spec.scaling());
                }
                if (batch.rows() == BLOCK || row == read.count() - 1) {
                    float[] block = forward.forward(parameters.value(), batch);
                    System.arraycopy(block, 0, outputs, done * network.outputs(), batch.rows() * network.outputs());
                    done += batch.rows();
                    batch.clear();
                }
            }
            return new PredictedRows(numbers, goodIds, outputs);
        }
    }

    /**
     * What a task made of its rows.
     *
     * @param file that it wrote, or null
     * @param text where it wrote none, or null
     * @param refusal why there is neither, or null
     */
    private record Part(
            PartDirectory.WrittenPart file,
            String text,
            long rows,
            long badRows,
            List<String> faults,
            UserError refusal)
            implements Serializable {}

    /**
     * @param rows how many of the first rows are predicted
     * @param partitions how many tasks share them; empty for as many as let each hold some ten megabytes
     */
    public static Predictions of(
            Cluster cluster,
            RowSource source,
            long rows,
            Optional<Integer> partitions,
            TrainedModel model,
            PredictionTable table,
            int mostBadRows) {
        int slots = cluster.awaitSlots();
        int needed = tasks(rows, source.features(), model.network().outputs(), slots);
        int chosen = (int) Math.min(Math.max(1, rows), partitions.orElse(needed));
        return new Predictions(
                cluster,
                new Task(
                        source,
                        rows,
                        chosen,
                        cluster.storage(),
                        new WorkSpec(model.network(), model.scaling(), null),
                        cluster.context().broadcast(model.parameters()),
                        table,
                        mostBadRows));
    }

    /** As many tasks as let each hold some ten megabytes of rows and what is predicted of them, but one a slot at least. */
    static int tasks(long rows, int features, int outputs, int slots) {
        long bytesOfARow = (long) features * Float.BYTES + (long) outputs * BYTES_OF_AN_OUTPUT;
        long rowsOfATask = Math.max(1, BYTES_OF_A_TASK / bytesOfARow);
        return (int) Math.min(MOST_PARTS, Math.max(slots, rows / rowsOfATask + 1));
    }

    private Predictions(Cluster cluster, Task task) {
        this.cluster = cluster;
        this.task = task;
    }

    /** Tasks write part files, which exist only once all of them do. */
    public Outcome writeTo(PartDirectory directory) throws IOException {
        try (Lock lock = directory.take()) {
            try {
                Tally tally = new Tally();
                Map<String, FileDigest> files = new TreeMap<>();
                for (Part part : run(directory, JavaRDD::collect)) {
                    tally.add(part);
                    files.put(part.file.name(), part.file.digest());
                }
                directory.commit(lock, files);
                return tally.outcome();
            } catch (IOException | RuntimeException failure) {
                directory.abandon(lock);
                throw failure;
            }
        }
    }

    /** The driver writes the text of one task after the other. */
    public Outcome writeTo(OutputStream out) throws IOException {
        Tally tally = new Tally();
        out.write(task.table.header());
        run(null, rdd -> {
            rdd.persist(StorageLevel.MEMORY_AND_DISK());
            try {
                rdd.count(); // all tasks at once; the iterator below would run one after the other
                for (Iterator<Part> parts = rdd.toLocalIterator(); parts.hasNext(); ) {
                    Part part = parts.next();
                    tally.add(part);
                    out.write(part.text.getBytes(StandardCharsets.UTF_8));
                }
                return tally;
            } finally {
                cluster.freeBeforeNextJob(() -> rdd.unpersist(false));
            }
        });
        return tally.outcome();
    }

    private interface Action<T> {
        T on(JavaRDD<Part> parts) throws IOException;
    }

    private <T> T run(PartDirectory directory, Action<T> action) throws IOException {
        // stays until the application ends, as it does after a prediction
        Broadcast<Task> shared = cluster.context().broadcast(task);
        cluster.describeJobs("Predict rows");
        try {
            return action.on(DistributedRows.placed(cluster, task.partitions)
                    .map(partition -> shared.value().run(partition, directory)));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw cluster.unwrapped(e);
        }
    }

    /** Adds up what tasks tell. */
    private final class Tally {
        private long rows;
        private long badRows;
        private final List<String> faults = new ArrayList<>();

        void add(Part part) {
            if (part.refusal != null) {
                throw part.refusal;
            }
            rows += part.rows;
            badRows += part.badRows;
            part.faults.stream().limit(MOST_FAULTS_TOLD - faults.size()).forEach(faults::add);
            if (badRows > task.mostBadRows) {
                throw new UserError(
                                UserError.Kind.BAD_DATA,
                                "%s: found more than %d rows that cannot be read, expected at most as many; the first is %s"
                                        .formatted(task.source.describe(), task.mostBadRows, faults.get(0)))
                        .fixedBy("max-bad-rows");
            }
        }

        Outcome outcome() {
            return new Outcome(rows, badRows, List.copyOf(faults));
        }
    }
}
