package io.treegrad.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertEquals("\\u001b[31mred\\u0007", Printable.onTerminal("\u001b[31mred\u0007"));
        assertEquals("\\u009b2J", Printable.onTerminal("\u009b2J"));
        assertEquals("a\\u202eb\\u200b", Printable.onTerminal("a\u202eb\u200b"));
        assertEquals("a\\u2028b\\ud800", Printable.onTerminal("a\u2028b\ud800"));
        assertEquals("ok\\u000dtreegrad: failed", Printable.onTerminal("ok\rtreegrad: failed"));
    }

    @Test
    void linesTabsAndLettersOfEveryScriptStay() {
        String text = "one\ttwo\nتم 中文 \uD83D\uDE00";
        assertEquals(text, Printable.onTerminal(text));
    }

    @Test
    void plainTextIsOnOneLine() {
        assertEquals("a\\u000ab", Printable.plain("a\nb"));
        assertEquals("x".repeat(100) + "...", Printable.plain("x".repeat(101)));
    }
}
