package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Pattern SCRIPT = Pattern.compile("<script([^>]*)>(.*?)</script>", Pattern.DOTALL);

    @Test
    void dataCannotLeaveTheElementItStandsIn() throws Exception {
        String hostile = "</script><!-- <b>&amp;\u2028\u2029é\"'\\ {{policy}}";
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("text", hostile);
        String json = Page.json(data);
        assertTrue(json.chars().allMatch(c -> c >= ' ' && c <= '~' && "<>&".indexOf(c) < 0), json);
        assertEquals(hostile, new ObjectMapper().readTree(json).get("text").asText());
        // a key is as foreign as a value
        String key = Page.json(JsonNodeFactory.instance.objectNode().put("<script>", 1));
        assertFalse(key.contains("<"), key);
    }

    @Test
    void textOfTheUserIsNoMarkup() {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        String page = new Page("page.html", "<title>", "a \"b\" & 'c' <i> {{data}}", data).html();
        assertTrue(page.contains("<title>&lt;title&gt;</title>"));
        assertTrue(page.contains("<h1>a &quot;b&quot; &amp; &#39;c&#39; &lt;i&gt; {{data}}</h1>"));
    }

    @Test
    void scriptsCannotEndTheirElement() {
        assertEquals("'<\\/script>' + '<\\!--'", Page.embeddable("'</script>' + '<!--'"));
    }

    @Test
    void thePageRunsItsOwnScriptsAlone() throws Exception {
        for (String template : new String[] {"page.html", "comparison.html"}) {
            String page = new Page(template, "", "", JsonNodeFactory.instance.objectNode()).html();
            String policy =
                    page.replaceFirst("(?s).*http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\".*", "$1");
            assertTrue(policy.startsWith("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '"));
            Matcher scripts = SCRIPT.matcher(page);
            int own = 0;
            while (scripts.find()) {
                assertFalse(scripts.group(1).contains("src"), scripts.group(1));
                if (scripts.group(1).isEmpty()) {
                    byte[] digest = MessageDigest.getInstance("SHA-256")
                            .digest(scripts.group(2).getBytes(StandardCharsets.UTF_8));
                    String allowed = "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
                    assertTrue(policy.contains(allowed), policy);
                    own++;
                }
            }
            assertEquals(own, policy.split("'sha256-", -1).length - 1, template);
            assertTrue(own >= 5, template + " has " + own + " scripts");
            assertFalse(page.contains("{{"), template + " has a mark that nothing took the place of");
        }
    }
}
