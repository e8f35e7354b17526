package io.treegrad.benchmark;

import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.TreeSum;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.UpdateRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The parts of one step of 784-H-10 (sigmoid, logistic cost), one shard of 50 rows: half of a batch of 100.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="-cp %classpath --add-modules=jdk.incubator.vector org.openjdk.jmh.Main BenchmarkStep -p hidden=100"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BenchmarkStep {
    private static final int ROWS = 50;
    private static final int FEATURES = 784;

    @Param({"100", "800"})
    public int hidden;

    private final Scaling scaling = Scaling.symmetric();
    private Rows rows;
    private Batch batch;
    private float[] theta;
    private Backpropagation pass;
    private GradientSum sum;
    private GradientSum other;
    private Optimizer optimizer;
    private byte[] serialized;
    private int firstRow;

    @Setup
    public void prepare() throws IOException {
        Network network = Network.dense(
                List.of(FEATURES, hidden, 10),
                List.of(Activation.SIGMOID, Activation.SIGMOID),
                true,
                Loss.BINARY_CROSS_ENTROPY);
        rows = new SyntheticDigits(1, 0, 10_000).read(RowSet.range(0, 10_000), null);
        theta = new Initialization.Normal(0.1).parameters(network, 1);
        pass = new Backpropagation(network, ROWS);
        sum = new GradientSum(network.parameterCount());
        other = new GradientSum(network.parameterCount());
        optimizer = new Optimizer(
                new Objective(network, Objective.Reduction.SUM, 0.01),
                1e-9,
                new LearningRateSchedule.Constant(),
                new TrainingLength(1, 1, 1),
                new UpdateRule.Sgd());
        batch = rows.newBatch(ROWS);
        fillBatch();
        pass.gradient(theta, batch, other);
        serialized = serialize();
    }

    /** Scattered rows to a block of scaled non-zero values, by row and by feature. */
    @Benchmark
    public Batch fillBatch() {
        batch.clear();
        for (int row = 0; row < ROWS; row++) {
            rows.addTo(batch, (firstRow + row * 197) % 10_000, scaling);
        }
        batch.prepareGradient();
        firstRow = (firstRow + 31) % 10_000;
        return batch;
    }

    /** Forward and backward pass. */
    @Benchmark
    public GradientSum gradient() {
        pass.gradient(theta, batch, sum);
        return sum;
    }

    /** Joining two shards. */
    @Benchmark
    public GradientSum join() {
        TreeSum<GradientSum> tree = new TreeSum<>(2);
        tree.put(0, sum);
        tree.put(1, other);
        return tree.total();
    }

    /** The update on the driver. */
    @Benchmark
    public float[] update() {
        optimizer.update(theta, new float[0][], other, 1);
        return theta;
    }

    /** A gradient to bytes, as it travels between processes. */
    @Benchmark
    public byte[] serialize() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(other);
        }
        return bytes.toByteArray();
    }

    @Benchmark
    public Object deserialize() throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serialized))) {
            return in.readObject();
        }
    }
}
