package io.treegrad.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressState;

/**
 * A bar on the last line of a terminal. Lines that stay are written above it. The library redraws the bar on its own
 * thread, so all code that writes to the terminal holds the monitor of {@code err}, as the print methods of {@code err}
 * do.
 */
final class ProgressBarLine implements ProgressSurface {
    private static final int REDRAW_MILLIS = 100;
    private static final int NARROWEST_BAR = 3;
    private static final int WIDEST_BAR = 30;

    private final PrintStream err;
    private final ConsoleProgressBarConsumer terminal;
    private final String full;
    private final String empty;
    private volatile String text = "";
    private ProgressBar bar;

    ProgressBarLine(PrintStream err) {
        this.err = err;
        terminal = new ConsoleProgressBarConsumer(err);
        boolean unicode = StandardCharsets.UTF_8.name().equalsIgnoreCase(System.getProperty("native.encoding", ""));
        full = unicode ? "━" : "=";
        empty = unicode ? "─" : "-";
    }

    @Override
    public long intervalNanos() {
        return TimeUnit.MILLISECONDS.toNanos(REDRAW_MILLIS);
    }

    @Override
    public void start(long steps) {
        bar = new ProgressBarBuilder()
                .setInitialMax(steps)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .clearDisplayOnFinish()
                .setRenderer(this::render)
                .setConsumer(new OverwritingConsumer())
                .build();
    }

    @Override
    public void moment(long done, String text) {
        this.text = text;
        bar.stepTo(done);
    }

    @Override
    public void epoch(String text) {
        say(text);
    }

    @Override
    public void say(String sentence) {
        synchronized (err) {
            if (bar != null) {
                clear();
            }
            err.println(sentence);
        }
    }

    @Override
    public void finish() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** The text, after a bar as long as there is room for. */
    private String render(ProgressState state, int width) {
        String now = text;
        int room = Math.min(WIDEST_BAR, width - now.length() - 1);
        if (now.isEmpty() || room < NARROWEST_BAR) {
            return now;
        }
        int filled = (int) Math.min(room, state.getNormalizedProgress() * room);
        return full.repeat(filled) + empty.repeat(room - filled) + " " + now;
    }

    private void clear() {
        err.print("\r" + " ".repeat(terminal.getMaxRenderedLength()) + "\r");
    }

    /** Works like the library's consumer for a terminal, but leaves no empty line. */
    private final class OverwritingConsumer implements ProgressBarConsumer {
        private int longest;

        @Override
        public int getMaxRenderedLength() {
            return terminal.getMaxRenderedLength();
        }

        @Override
        public void accept(String line) {
            synchronized (err) {
                longest = Math.max(longest, line.length());
                // a shorter text must cover a longer one
                terminal.accept(line + " ".repeat(longest - line.length()));
                err.flush();
            }
        }

        @Override
        public void clear() {
            synchronized (err) {
                ProgressBarLine.this.clear();
            }
        }

        @Override
        public void close() {
            err.flush();
        }
    }
}
