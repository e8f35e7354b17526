package io.treegrad.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.treegrad.common.Printable;
import io.treegrad.network.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Writes the predictions of a model as CSV, JSON lines or Parquet. A small value that is sent to tasks. */
public final class PredictionTable implements Serializable {
    private static final long serialVersionUID = 1;

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** What a field of CSV must be in quotation marks for. */
    private static final Pattern SPECIAL = Pattern.compile("[,\"\n]");

    private final PredictionFormat format;
    private final PredictionColumns columns;
    private final Network network;
    private final List<String> labels;

    public PredictionTable(PredictionFormat format, PredictionColumns columns, TrainedModel model) {
        this.format = format;
        this.columns = columns;
        this.network = model.network();
        this.labels = model.labels();
    }

    public PredictionFormat format() {
        return format;
    }

    /** Whether each row is to be written with what identifies it. */
    public boolean hasIds() {
        return columns.has(PredictionColumns.Content.ID);
    }

    /** What stands before the first row. */
    public byte[] header() {
        if (format != PredictionFormat.CSV) {
            return new byte[0];
        }
        StringJoiner names = new StringJoiner(",", "", "\n");
        for (PredictionColumns.Column column : columns.columns()) {
            if (column.content() == PredictionColumns.Content.OUTPUTS) {
                for (int j = 0; j < network.outputs(); j++) {
                    names.add(quoted(column.nameOfOutput(nameOfOutput(j))));
                }
            } else {
                names.add(quoted(column.name()));
            }
        }
        return names.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The class of that output; of a single output, which tells two classes apart, its number. */
    private String nameOfOutput(int output) {
        return network.outputs() == labels.size() ? labels.get(output) : Integer.toString(output);
    }

    /** Some rows; the first of a file of CSV stand after {@link #header}. */
    public void write(PredictedRows rows, OutputStream out) throws IOException {
        switch (format) {
            case CSV -> writeCsv(rows, out);
            case JSONL -> writeJson(rows, out);
            case PARQUET -> writeParquet(rows, out);
        }
    }

    private String label(PredictedRows rows, int row) {
        return labels.get(network.predicted(rows.outputs(), row));
    }

    private void writeCsv(PredictedRows rows, OutputStream out) throws IOException {
        List<String> quotedLabels = labels.stream().map(PredictionTable::quoted).toList();
        StringBuilder line = new StringBuilder();
        for (int row = 0; row < rows.count(); row++) {
            line.setLength(0);
            for (PredictionColumns.Column column : columns.columns()) {
                switch (column.content()) {
                    case ROW -> line.append(rows.number(row));
                    case NUMBER -> line.append(rows.number(row) + 1);
                    case ID -> line.append(quoted(rows.id(row)));
                    case LABEL -> line.append(quotedLabels.get(network.predicted(rows.outputs(), row)));
                    case VALUE -> line.append(network.number(rows.outputs(), row));
                    case OUTPUTS -> {
                        for (int j = 0; j < network.outputs(); j++) {
                            line.append(j == 0 ? "" : ",").append(rows.outputs()[row * network.outputs() + j]);
                        }
                    }
                }
                line.append(',');
            }
            line.setCharAt(line.length() - 1, '\n');
            out.write(line.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String quoted(String text) {
        String shown = Printable.escaped(text);
        return SPECIAL.matcher(shown).find() ? '"' + shown.replace("\"", "\"\"") + '"' : shown;
    }

    private void writeJson(PredictedRows rows, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .setRootValueSeparator(null)) {
            for (int row = 0; row < rows.count(); row++) {
                json.writeStartObject();
                for (PredictionColumns.Column column : columns.columns()) {
                    switch (column.content()) {
                        case ROW -> json.writeNumberField(column.name(), rows.number(row));
                        case NUMBER -> json.writeNumberField(column.name(), rows.number(row) + 1);
                        case ID -> json.writeStringField(column.name(), rows.id(row));
                        case LABEL -> json.writeStringField(column.name(), label(rows, row));
                        case VALUE -> json.writeNumberField(column.name(), network.number(rows.outputs(), row));
                        case OUTPUTS -> {
                            json.writeArrayFieldStart(column.name());
                            for (int j = 0; j < network.outputs(); j++) {
                                json.writeNumber(rows.outputs()[row * network.outputs() + j]);
                            }
                            json.writeEndArray();
                        }
                    }
                }
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
    }

    private void writeParquet(PredictedRows rows, OutputStream out) throws IOException {
        MessageType type = parquetType();
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new ParquetOutput(out))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            for (int row = 0; row < rows.count(); row++) {
                Group group = new SimpleGroup(type);
                for (PredictionColumns.Column column : columns.columns()) {
                    switch (column.content()) {
                        case ROW -> group.add(column.name(), rows.number(row));
                        case NUMBER -> group.add(column.name(), rows.number(row) + 1);
                        case ID -> group.add(column.name(), rows.id(row));
                        case LABEL -> group.add(column.name(), label(rows, row));
                        case VALUE -> group.add(column.name(), network.number(rows.outputs(), row));
                        case OUTPUTS -> {
                            Group list = group.addGroup(column.name());
                            for (int j = 0; j < network.outputs(); j++) {
                                list.addGroup("list").add("element", rows.outputs()[row * network.outputs() + j]);
                            }
                        }
                    }
                }
                writer.write(group);
            }
        }
    }

    private MessageType parquetType() {
        Types.MessageTypeBuilder type = Types.buildMessage();
        for (PredictionColumns.Column column : columns.columns()) {
            switch (column.content()) {
                case ROW, NUMBER -> type.required(PrimitiveTypeName.INT64).named(column.name());
                case ID, LABEL ->
                    type.required(PrimitiveTypeName.BINARY)
                            .as(LogicalTypeAnnotation.stringType())
                            .named(column.name());
                case VALUE -> type.required(PrimitiveTypeName.FLOAT).named(column.name());
                case OUTPUTS ->
                    type.requiredList().requiredElement(PrimitiveTypeName.FLOAT).named(column.name());
            }
        }
        return type.named("predictions");
    }
}
