package io.treegrad.settings;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A file of settings in the format of {@link Properties}, in UTF-8: a preset of {@code conf/}, which is in the jar, or
 * a file of the user. Holds the keys as written; {@link Settings} decides which of them exist.
 *
 * @param title as a message names it: {@code preset default} or the path
 */
public record ConfigFile(String title, Map<String, String> values) {
    /** The presets in {@code conf/}; a test compares them with the directory. */
    public static final List<String> PRESETS = List.of(
            "default",
            "mlp-mse-fullbatch",
            "layers-digits",
            "mlp-logistic-l2",
            "mlp-mse-minibatch",
            "mlp-relu-minibatch",
            "generic-xor",
            "generic-sevensegment",
            "generic-sevensegment-deep",
            "generic-mnist");

    private static final int LARGEST = 1 << 20;

    public ConfigFile {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    static ConfigFile defaults() {
        return preset("default");
    }

    /**
     * The preset of this name, otherwise the file at this path, relative to {@code directory}.
     *
     * @throws UserError INPUT_MISSING when there is neither, BAD_CONFIGURATION when it cannot be parsed
     */
    static ConfigFile named(String name, Path directory) {
        if (PRESETS.contains(name)) {
            return preset(name);
        }
        Path path;
        try {
            path = directory.resolve(name);
        } catch (InvalidPathException e) {
            throw missing(name, "");
        }
        if (!Files.exists(path) || Files.isDirectory(path)) {
            throw missing(
                    name,
                    "; there is none at "
                            + Printable.plain(path.toAbsolutePath().toString()));
        }
        try (InputStream in = Files.newInputStream(path)) {
            return parse(Printable.plain(name), in.readNBytes(LARGEST + 1));
        } catch (IOException e) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    "The configuration file " + Printable.plain(name) + " cannot be read (" + OutsideFailure.reason(e)
                            + "): expected a readable file. Check its permissions.",
                    e);
        }
    }

    static ConfigFile parse(String title, byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw refused(title, "is larger than 1 MB: expected a short file of lines like learning-rate = 0.1.");
        }
        Map<String, String> values = new LinkedHashMap<>();
        Properties collector = new Properties() {
            private static final long serialVersionUID = 1;

            @Override
            public synchronized Object put(Object key, Object value) {
                if (values.put((String) key, ((String) value).strip()) != null) {
                    throw refused(
                            title, "has the key " + Printable.plain((String) key) + " twice: leave one line out.");
                }
                return null;
            }
        };
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            collector.load(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text));
        } catch (CharacterCodingException e) {
            throw refused(title, "is not UTF-8 text: save it as UTF-8.");
        } catch (IllegalArgumentException e) {
            throw refused(
                    title, "has a \\u escape without four hexadecimal digits: write \\\\u for a backslash and a u.");
        } catch (IOException e) {
            throw new IllegalStateException(e); // a string cannot fail to be read
        }
        return new ConfigFile(title, values);
    }

    private static ConfigFile preset(String name) {
        try (InputStream in = ConfigFile.class.getResourceAsStream("/io/treegrad/conf/" + name + ".properties")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks the preset " + name);
            }
            return parse("preset " + name, in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the preset " + name + " in the jar cannot be read", e);
        }
    }

    private static UserError missing(String name, String where) {
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                "The configuration is " + Printable.quoted(name) + ": expected a preset (" + String.join(", ", PRESETS)
                        + ") or the path of a properties file" + where + "." + Suggestion.sentence(name, PRESETS));
    }

    private static UserError refused(String title, String why) {
        return new UserError(UserError.Kind.BAD_CONFIGURATION, "The configuration file " + title + " " + why);
    }
}
