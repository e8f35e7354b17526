package io.treegrad.benchmark;

import io.treegrad.data.DataFormat;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.formats.Formats;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.testing.FormatFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rows of 784 pixels a second, by one thread, from files in the cache of the system: {@code open} counts the rows and checks
 * the labels, as the driver does once; {@code read} is what tasks do.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="-cp %classpath --add-modules=jdk.incubator.vector org.openjdk.jmh.Main BenchmarkReading -p format=CSV"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BenchmarkReading {
    private static final int ROWS = 10_000;

    @Param({"IDX", "NPZ", "CSV", "LIBSVM", "PARQUET"})
    public DataFormat format;

    private final LocalStorage storage = new LocalStorage();
    private List<String> paths;
    private RowSource source;

    @Setup
    public void write() throws IOException {
        Path directory = Files.createTempDirectory("treegrad-reading");
        Rows rows = new SyntheticDigits(1, 0, ROWS).read(RowSet.range(0, ROWS), null);
        paths = List.of(FormatFiles.write(format, directory, rows).toString());
        source = open();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public RowSource open() throws IOException {
        return Formats.open(format, storage, paths, ReadingOptions.AUTO).train();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Rows read() throws IOException {
        return source.read(RowSet.range(0, ROWS), storage);
    }
}
