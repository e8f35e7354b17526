package io.treegrad.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.treegrad.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page made from a template: styles, scripts and data replace the marks in it, so that one file holds everything. The
 * page's content security policy forbids browsers to load anything else and to run other scripts than these, which it
 * lists by checksum.
 */
final class Page {
    private static final Pattern MARK = Pattern.compile("\\{\\{(title|summary|policy|data|style|script) ?([\\w.-]*)}}");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    static {
        JSON.getFactory().setCharacterEscapes(new MarkupEscapes());
    }

    private final String template;
    private final String title;
    private final String summary;
    private final JsonNode data;

    /** @param template the name of a resource; the other arguments are text and need not be escaped */
    Page(String template, String title, String summary, JsonNode data) {
        this.template = resource(template);
        this.title = title;
        this.summary = summary;
        this.data = data;
    }

    String html() {
        return MARK.matcher(template)
                .replaceAll(mark -> Matcher.quoteReplacement(replacement(mark.group(1), mark.group(2))));
    }

    private String replacement(String kind, String name) {
        return switch (kind) {
            case "title" -> escaped(title);
            case "summary" -> escaped(summary);
            case "policy" -> policy();
            case "data" -> json(data);
            case "style" -> resource(name);
            case "script" -> script(name);
            default -> throw new IllegalStateException("a mark for " + kind);
        };
    }

    private String policy() {
        String scripts = MARK.matcher(template)
                .results()
                .filter(mark -> mark.group(1).equals("script"))
                .map(mark -> " 'sha256-" + sha256(script(mark.group(2))) + "'")
                .collect(Collectors.joining());
        return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src" + scripts;
    }

    /** JSON in ASCII without characters that could end the element around it. */
    static String json(JsonNode data) {
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree cannot fail to be written", impossible);
        }
    }

    /** Text for an HTML element or a quoted attribute. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A script whose text cannot end the element around it: in a string or a pattern, \/ and \! mean / and !. */
    private static String script(String name) {
        return embeddable(resource(name));
    }

    static String embeddable(String script) {
        return script.replace("</", "<\\/").replace("<!--", "<\\!--");
    }

    private static String resource(String name) {
        try (InputStream stream = Page.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the resource report/" + name + " is not in the jar: build it again");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the resource report/" + name, unreadable);
        }
    }

    private static String sha256(String text) {
        byte[] digest = Sha256.start().digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest);
    }

    /** Escapes characters that have a meaning in HTML; characters beyond ASCII are always escaped. */
    private static final class MarkupEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        private final int[] codes = standardAsciiEscapesForJSON();

        MarkupEscapes() {
            codes['<'] = ESCAPE_STANDARD;
            codes['>'] = ESCAPE_STANDARD;
            codes['&'] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes.clone();
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return null;
        }
    }
}
