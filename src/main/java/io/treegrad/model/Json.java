package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.training.MetricValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * JSON as our files use it: each value is written in one way, and nothing ambiguous is read. Unknown and duplicate
 * fields, wrong types, trailing text, encodings other than UTF-8 and deep nesting are refused. The constructor of each
 * record checks the values of its fields.
 */
public final class Json {
    private static final String ADVICE = "The file is damaged or of another kind: use a good copy.";
    private static final int MAX_SHOWN = 300;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final JsonMapper MAPPER = mapper();
    private static final ObjectWriter LINE = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
    private static final ObjectWriter REDACTED_LINE = MAPPER.copy()
            .registerModule(new SimpleModule("redaction").addSerializer(String.class, new RedactedText()))
            .writer()
            .with(JsonWriteFeature.ESCAPE_NON_ASCII);
    private static final ObjectWriter PAGE = MAPPER.writer(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private Json() {}

    private static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(16)
                        .maxNumberLength(40)
                        .maxNameLength(4096)
                        // the history of a long run is one long string; the size of the file was checked before
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // the shortest text that reads back as the same number; the JDK itself writes it only from 19 on
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                // names come from untrusted files: keep them out of tables that outlive the file
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        return JsonMapper.builder(factory)
                .addMixIn(MetricValues.class, NamedValues.class)
                .addModule(new SimpleModule()
                        .addKeySerializer(Part.class, new PartToKey())
                        .addKeyDeserializer(Part.class, new KeyToPart()))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, config -> {
                    config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                    config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                    config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                })
                .build();
    }

    /** Maps {@link MetricValues}, a class without JSON annotations, to an object with a number for each metric. */
    private abstract static class NamedValues {
        @JsonValue
        abstract Map<String, Double> byKey();

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static MetricValues named(Map<String, Double> values) {
            return MetricValues.named(values);
        }
    }

    private static final class PartToKey extends StdSerializer<Part> {
        PartToKey() {
            super(Part.class);
        }

        @Override
        public void serialize(Part part, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(part.label());
        }
    }

    private static final class RedactedText extends StdSerializer<String> {
        RedactedText() {
            super(String.class);
        }

        @Override
        public void serialize(String text, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(Redaction.redact(text));
        }
    }

    private static final class KeyToPart extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            for (Part part : Part.values()) {
                if (part.label().equals(key)) {
                    return part;
                }
            }
            return context.handleWeirdKey(Part.class, key, "unknown part");
        }
    }

    /** One line of ASCII, the same in every locale, without a line end. */
    public static byte[] line(Object value) {
        try {
            return LINE.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The same, with the passwords in all texts redacted. */
    public static byte[] redactedLine(Object value) {
        try {
            return REDACTED_LINE.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** One field a line, for people, with a line end after the last; the same on every machine. */
    static byte[] page(Object value) {
        try {
            return (PAGE.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Parses a record, whose field {@code schema} must have the given value. */
    public static <T> T read(byte[] bytes, int schema, Class<T> type, String path) {
        String text = utf8(bytes, path);
        try {
            checkSchema(text, schema, path);
            T value = MAPPER.readValue(text, type);
            if (value == null) {
                throw damaged(path, "it holds null", "a JSON object");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw refused(path, e);
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot fail to be read", impossible);
        }
    }

    static JsonNode tree(byte[] bytes, String path) {
        String text = utf8(bytes, path);
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw refused(path, e);
        }
    }

    static UserError damaged(String path, String found, String expected) {
        return damaged(path, found, expected, null);
    }

    private static UserError damaged(String path, String found, String expected, Exception cause) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                "%s: %s, expected %s. %s".formatted(path, printable(found), expected, ADVICE),
                cause);
    }

    /** Makes file content safe for a message: it may be a megabyte long and contain line ends. */
    private static String printable(String found) {
        String text = found.length() <= MAX_SHOWN ? found : found.substring(0, MAX_SHOWN) + "…";
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** Checks the version first, since all other fields may differ in another version. */
    private static void checkSchema(String text, int schema, String path) throws IOException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw damaged(path, "it does not begin with \"{\"", "a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("schema");
                JsonToken value = parser.nextToken();
                if (!found) {
                    parser.skipChildren();
                } else if (value != JsonToken.VALUE_NUMBER_INT) {
                    throw damaged(path, "field schema is " + parser.getText(), "the number " + schema);
                } else if (!parser.getText().equals(Integer.toString(schema))) {
                    throw new UserError(
                            UserError.Kind.BAD_DATA,
                            "%s: schema is %s, expected %d. Use the treegrad version that wrote the file, or train again."
                                    .formatted(path, printable(parser.getText()), schema));
                } else {
                    return;
                }
            }
        }
        throw damaged(path, "field schema is missing", "the number " + schema);
    }

    private static String utf8(byte[] bytes, String path) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged(path, "it is not UTF-8", "JSON text in UTF-8", e);
        }
    }

    private static UserError refused(String path, JsonProcessingException e) {
        // what the parser throws inside an array or a record arrives wrapped
        JsonProcessingException cause =
                e instanceof JsonMappingException && e.getCause() instanceof JsonProcessingException inner ? inner : e;
        if (!(cause instanceof JsonMappingException) && !(cause instanceof InputCoercionException)) {
            return damaged(path, cause.getOriginalMessage() + place(cause), "well-formed JSON", e);
        }
        String field = field(e);
        if (e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException refusal) {
            String where = field.isEmpty() ? "" : "in " + field + ", ";
            return new UserError(
                    UserError.Kind.BAD_DATA, path + ": " + printable(where + refusal.getMessage()) + ". " + ADVICE, e);
        }
        if (field.isEmpty()) {
            return damaged(path, "it is more than one value, or one of another type", "one JSON object", e);
        }
        if (e instanceof UnrecognizedPropertyException) {
            return damaged(path, field + " is unknown", "only the fields of this schema", e);
        }
        if (cause instanceof InputCoercionException) {
            return damaged(path, field + " is out of range", "a value of its own type", e);
        }
        if (e instanceof InvalidFormatException format) {
            return damaged(path, field + " holds \"" + format.getValue() + "\"", "a value of its own type", e);
        }
        return damaged(path, field + " is missing, null or of another type", "a value of its own type", e);
    }

    /** As in "field network.widths[1]"; empty for the whole file. */
    private static String field(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        String steps = mapping.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        return "field " + (steps.startsWith(".") ? steps.substring(1) : steps);
    }

    private static String place(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }
}
