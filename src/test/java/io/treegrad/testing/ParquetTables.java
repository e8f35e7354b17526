package io.treegrad.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes Parquet files, by default with small groups of rows, and reads them without a program of ours. */
public final class ParquetTables {
    private static final long BYTES_OF_A_GROUP = 4096;
    private static final int ROWS_BEFORE_A_LOOK = 10;

    /** Gives a row its values. */
    public interface Filler {
        void fill(int row, Group group);
    }

    private ParquetTables() {}

    public static void write(Path path, CompressionCodecName codec, String schema, int rows, Filler filler)
            throws IOException {
        write(path, codec, BYTES_OF_A_GROUP, schema, rows, filler);
    }

    static void write(Path path, CompressionCodecName codec, long bytesOfAGroup, String schema, int rows, Filler filler)
            throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(path))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCompressionCodec(codec)
                .withRowGroupSize(bytesOfAGroup)
                .withMinRowCountForPageSizeCheck(ROWS_BEFORE_A_LOOK)
                .build()) {
            for (int row = 0; row < rows; row++) {
                SimpleGroup group = new SimpleGroup(type);
                filler.fill(row, group);
                writer.write(group);
            }
        }
    }

    public static List<Group> read(Path path) throws IOException {
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader =
                new ParquetReader.Builder<Group>(new LocalInputFile(path), new PlainParquetConfiguration()) {
                    @Override
                    protected ReadSupport<Group> getReadSupport() {
                        return new GroupReadSupport();
                    }
                }.build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
