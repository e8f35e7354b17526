package io.treegrad.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.treegrad.network.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * JSON as our files use it: one way to write each value, and nothing read that could mean something else. Unknown and
 * duplicate fields, wrong types, trailing text, other encodings than UTF-8 and deep nesting are all refused; what a
 * field may hold is checked by the constructor of its record.
 */
final class Json {
    private static final int MAX_SHOWN = 300;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final JsonMapper MAPPER = mapper();
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
                        .maxStringLength(1 << 20)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // names come from files that anyone may have made: they stay out of tables that outlive the file
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        return JsonMapper.builder(factory)
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

    /** One line, for programs; no line end. */
    static byte[] line(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A field a line, for people, with a line end after the last; the same on every machine. */
    static byte[] page(Object value) {
        try {
            return (PAGE.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The record in these bytes, whose field {@code schema} must be the one given. */
    static <T> T read(byte[] bytes, int schema, Class<T> type, String path) {
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
                "%s: %s, expected %s. The file is damaged or of another kind: use a good copy."
                        .formatted(path, printable(found), expected),
                cause);
    }

    /** What a file holds, as a message shows it: it may be a megabyte long and hold line ends. */
    private static String printable(String found) {
        String text = found.length() <= MAX_SHOWN ? found : found.substring(0, MAX_SHOWN) + "…";
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** Looks at the version before anything else, since all other fields may differ in another one. */
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
        if (!(e instanceof JsonMappingException mapping)) {
            String place = e.getLocation() == null
                    ? ""
                    : " (line %d, column %d)"
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr());
            return damaged(path, e.getOriginalMessage() + place, "well-formed JSON", e);
        }
        String field = mapping.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        field = field.isEmpty() ? "the file" : "field " + field.substring(1);
        if (e instanceof UnrecognizedPropertyException) {
            return damaged(path, field + " is unknown", "the fields of this schema alone", e);
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException cause) {
            return damaged(path, "in " + field + ", " + cause.getMessage(), "a usable value", e);
        }
        if (e instanceof InvalidFormatException format) {
            return damaged(path, field + " is " + format.getValue(), "a value of its own type", e);
        }
        if (mapping.getPath().isEmpty()) {
            return damaged(path, "it is more than one value, or one of another type", "one JSON object", e);
        }
        return damaged(path, field + " is missing, null or of another type", "a value of its own type", e);
    }
}
