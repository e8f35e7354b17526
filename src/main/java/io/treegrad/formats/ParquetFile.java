package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * An open Parquet file, read column by column in groups of rows. Whatever the library throws at damaged bytes becomes a
 * user error; failures of storage stay what they are.
 */
final class ParquetFile implements AutoCloseable {
    /** Those whose code every Spark brings along. */
    private static final Set<CompressionCodecName> CODECS = EnumSet.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW);

    private final String path;
    private final long length;
    private final ParquetInput input;
    private final ParquetFileReader reader;
    private final MessageType schema;

    /** Receives the values of a column. */
    interface Values {
        /**
         * @param i which of the wanted rows it is, from 0
         * @param value a value of the row, whose {@code get…} methods give it
         */
        void value(int i, ColumnReader value);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    ParquetFile(Storage storage, String path) throws IOException {
        this.path = path;
        InputFile.require(storage, path);
        this.length = storage.length(path);
        this.input = new ParquetInput(storage, path, length);
        this.reader = guarded(() -> ParquetFileReader.open(
                input,
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build()));
        this.schema = reader.getFooter().getFileMetaData().getSchema();
    }

    MessageType schema() {
        return schema;
    }

    int groups() {
        return reader.getRowGroups().size();
    }

    /** Rows of a group. */
    int rows(int group) {
        long rows = reader.getRowGroups().get(group).getRowCount();
        if (rows < 0 || rows > Integer.MAX_VALUE - 8) {
            throw bad("a group of " + rows + " rows", "at most " + (Integer.MAX_VALUE - 8));
        }
        return (int) rows;
    }

    /** The first group with rows. */
    OptionalInt firstGroup() {
        return IntStream.range(0, groups()).filter(group -> rows(group) > 0).findFirst();
    }

    /** A row of a group as messages name it, counted from 0 over the whole file. */
    String place(int group, long row) {
        long before = reader.getRowGroups().stream()
                .limit(group)
                .mapToLong(BlockMetaData::getRowCount)
                .sum();
        return "row " + (before + row);
    }

    /**
     * Hands out the values of a column in order.
     *
     * @param wanted of the rows of a group, each of which may have none, one or several
     */
    void read(int group, ColumnDescriptor column, RowSet wanted, Values values) throws IOException {
        ColumnChunkMetaData chunk = chunk(group, column);
        guarded(() -> {
            reader.setRequestedSchema(List.of(column));
            PageReadStore pages = reader.readRowGroup(group);
            ColumnReader cells = new ColumnReadStoreImpl(
                            pages,
                            new NoRecords(),
                            schema,
                            reader.getFooter().getFileMetaData().getCreatedBy())
                    .getColumnReader(column);
            long row = -1;
            int next = 0;
            boolean isWanted = false;
            for (long left = chunk.getValueCount(); left > 0; left--) {
                if (cells.getCurrentRepetitionLevel() == 0) {
                    next += isWanted ? 1 : 0;
                    if (next == wanted.size()) {
                        break;
                    }
                    row++;
                    isWanted = wanted.at(next) == row;
                }
                // where a row has no value, there is none to skip: that would be the one of a later row
                if (cells.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
                    if (isWanted) {
                        values.value(next, cells);
                    }
                    cells.skip(); // does nothing after a value that was taken
                }
                cells.consume();
            }
            return null;
        });
    }

    /** What the footer says of a column in a group, after a look whether it can be true. */
    private ColumnChunkMetaData chunk(int group, ColumnDescriptor column) {
        ColumnPath sought = ColumnPath.get(column.getPath());
        ColumnChunkMetaData chunk = reader.getRowGroups().get(group).getColumns().stream()
                .filter(found -> found.getPath().equals(sought))
                .findFirst()
                .orElseThrow(() -> bad("a group of rows without " + column, "all columns in each"));
        long start = chunk.getStartingPos();
        if (start < 0 || chunk.getTotalSize() < 0 || chunk.getTotalSize() > length - start) {
            throw bad("a column of " + chunk.getTotalSize() + " bytes at " + start, "at most the file's " + length);
        }
        if (!CODECS.contains(chunk.getCodec())) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: found columns compressed with %s, expected one of %s; write the file again with one of these."
                            .formatted(path, chunk.getCodec(), CODECS));
        }
        return chunk;
    }

    private <T> T guarded(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (UserError e) {
            throw e;
        } catch (RuntimeException | IOException e) {
            if (input.failure().isPresent()) {
                throw input.failure().get();
            }
            throw damaged(e);
        }
    }

    private UserError damaged(Exception e) {
        String reason =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").replace(path + " ", "");
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": it cannot be read as Parquet (" + reason + "), expected a whole file; get it again.",
                e);
    }

    /** An error about the content. */
    UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": found " + found + ", expected " + expected + "; correct the file or give another one.");
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** What the library would assemble records with: columns are read without it. Stands for groups and values. */
    private static final class NoRecords extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            return this;
        }

        @Override
        public PrimitiveConverter asPrimitiveConverter() {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
