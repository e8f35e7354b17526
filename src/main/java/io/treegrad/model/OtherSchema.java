package io.treegrad.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.Optional;

/**
 * JSON files that another version of the program wrote. They are not damaged: whoever would go on without a damaged file must
 * not go on without one of these.
 */
public final class OtherSchema {
    private static final JsonFactory FACTORY = new JsonFactory();

    private OtherSchema() {}

    /**
     * Refuses a file whose schema is another one, even if it is cut short behind that.
     *
     * @param way what can be done but to use the other version, as in "start again"
     * @param settings names of those that fix it
     * @throws UserError BAD_CONFIGURATION with both schemas
     */
    public static void refuse(byte[] bytes, int schema, String path, String way, String... settings) {
        Optional<String> found = schema(bytes).filter(other -> !other.equals(Integer.toString(schema)));
        if (found.isPresent()) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "%s: schema is %s, expected %d. Use the treegrad version that wrote it, or %s."
                                    .formatted(path, found.get(), schema, way))
                    .fixedBy(settings);
        }
    }

    /** The whole number that an object has as its schema; empty if it has none, or is damaged before it. */
    private static Optional<String> schema(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isSchema = parser.currentName().equals("schema");
                JsonToken value = parser.nextToken();
                if (isSchema) {
                    return value == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 10
                            ? Optional.of(parser.getText())
                            : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
