package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.data.Part;
import io.treegrad.network.Activation;
import io.treegrad.training.MetricValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages in a real browser, opened from disk. */
class ReportPageIT {
    /** Whether every canvas shows more than one colour. */
    private static final String ALL_DRAWN = """
            [...document.querySelectorAll('canvas')].every(canvas => {
              if (canvas.width === 0 || canvas.height === 0) return false;
              const copy = new OffscreenCanvas(canvas.width, canvas.height)
                .getContext('2d', { willReadFrequently: true });
              copy.drawImage(canvas, 0, 0);
              const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
              return pixels.some(pixel => pixel !== pixels[0]);
            })""";

    private static String executable;
    private static Report report;

    @TempDir
    Path directory;

    @BeforeAll
    static void trainANetworkToShow() {
        executable = Chromium.executable().orElse(null);
        if (executable != null) {
            report = TrainedRun.report(16, Activation.RELU, 3, 2000, 500);
        }
    }

    /** Before each test, so that each is counted as skipped. */
    @BeforeEach
    void haveABrowser() {
        assumeTrue(executable != null, "Skipped: there is no Chromium on the PATH (Debian: apt-get install chromium).");
    }

    private Chromium open(String html, int width, boolean dark) throws Exception {
        Path page = Files.writeString(directory.resolve("index.html"), html);
        Chromium browser = Chromium.start(executable);
        try {
            browser.open(page, width, 900, dark);
            browser.await(ALL_DRAWN);
            return browser;
        } catch (Exception | AssertionError e) {
            browser.close();
            throw e;
        }
    }

    private void assertSilent(Chromium browser) {
        assertEquals(List.of(), browser.complaints());
        String own = directory.resolve("index.html").toUri().toString();
        assertEquals(
                List.of(own),
                browser.requests().stream()
                        .filter(url -> !url.startsWith("data:"))
                        .toList());
    }

    /** Brings an element into view and says where its middle is. */
    private static double[] middle(Chromium browser, String element) throws Exception {
        JsonNode place = browser.evaluate("""
                (() => {
                  const element = %s;
                  element.scrollIntoView({ block: 'center', behavior: 'instant' });
                  const box = element.getBoundingClientRect();
                  return [box.x + box.width / 2, box.y + box.height / 2];
                })()""".formatted(element));
        return new double[] {place.get(0).asDouble(), place.get(1).asDouble()};
    }

    private static void hover(Chromium browser, String element) throws Exception {
        double[] at = middle(browser, element);
        browser.move(at[0], at[1]);
    }

    private static void click(Chromium browser, String element) throws Exception {
        double[] at = middle(browser, element);
        browser.move(at[0], at[1]);
        browser.press(at[0], at[1]);
        browser.release(at[0], at[1]);
    }

    private static String text(Chromium browser, String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .asText();
    }

    private static boolean tipIsShown(Chromium browser, String chart, String word) throws Exception {
        browser.await("[...document.querySelectorAll('" + chart + " .tip')].some(tip => tip.textContent.includes('"
                + word + "') && getComputedStyle(tip.parentElement).visibility === 'visible')");
        return true;
    }

    @ParameterizedTest
    @CsvSource({"400, false", "400, true", "1600, false", "1600, true"})
    void everyPartOfThePageWorks(int width, boolean dark) throws Exception {
        try (Chromium browser = open(ReportPage.html(report), width, dark)) {
            assertEquals(
                    4,
                    browser.evaluate("document.querySelectorAll('.chart canvas').length")
                            .asInt());
            assertTrue(browser.evaluate("document.querySelectorAll('canvas.picture').length")
                            .asInt()
                    > 70);
            assertEquals(
                    16,
                    browser.evaluate("document.querySelectorAll('.units canvas').length")
                            .asInt());
            assertTrue(
                    browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
                            .asBoolean(),
                    "the page is wider than the window");
            assertTrue(browser.evaluate("document.fonts.status === 'loaded'").asBoolean());
            assertEquals(
                    dark ? "dark" : "light",
                    browser.evaluate("document.documentElement.dataset.theme").asText());

            for (String chart : List.of("#loss", "#accuracy", "#steps")) {
                hover(browser, "document.querySelector('" + chart + " .chart')");
                assertTrue(tipIsShown(browser, chart, chart.equals("#steps") ? "step" : "epoch"));
            }
            otherMetricsShareAChart(browser);
            confusionShowsTheDigitsOfACell(browser);
            cloudTurnsAndTellsItsPoints(browser);
            numbersOpenAsATable(browser);

            click(browser, "document.querySelector('#theme')");
            assertEquals(
                    dark ? "light" : "dark",
                    browser.evaluate("document.documentElement.dataset.theme").asText());
            browser.await(ALL_DRAWN);
            // another width while a tip is open
            hover(browser, "document.querySelector('#loss .chart')");
            assertTrue(tipIsShown(browser, "#loss", "epoch"));
            browser.size(700, 900);
            browser.await("document.querySelector('#loss canvas').getBoundingClientRect().width <= 700");
            browser.await(ALL_DRAWN);
            assertEquals(TrainedRun.MARKUP, text(browser, "#settings td.code").replaceFirst("/data/(.*)\\.gz", "$1"));
            assertTrue(browser.evaluate("window.broken === undefined").asBoolean());
            assertSilent(browser);
        }
    }

    private static void otherMetricsShareAChart(Chromium browser) throws Exception {
        assertTrue(text(browser, "#other figcaption").startsWith("Balanced accuracy per epoch"));
        click(browser, "[...document.querySelectorAll('#metric button')].find(one => one.textContent === 'log-loss')");
        browser.await(ALL_DRAWN);
        assertTrue(text(browser, "#other figcaption").startsWith("Log-loss per epoch"));
        assertEquals("log-loss", text(browser, "#metric button[aria-pressed=true]"));
        assertTrue(text(browser, "#figures").contains("Test macro-F1"));
    }

    private static void confusionShowsTheDigitsOfACell(Chromium browser) throws Exception {
        String buttons = "document.querySelectorAll('.matrix button')";
        int cells = browser.evaluate(buttons + ".length").asInt();
        assertTrue(cells >= 2, cells + " kinds of mistakes: the network is too good to be shown");
        hover(browser, buttons + "[0]");
        String first = text(browser, ".cell h3");
        assertEquals(
                browser.evaluate(buttons + "[0].getAttribute('aria-label')")
                        .asText()
                        .replaceFirst(":.*", ""),
                first);
        assertTrue(browser.evaluate("document.querySelectorAll('.cell canvas').length")
                        .asInt()
                > 0);
        click(browser, buttons + "[1]");
        String second = text(browser, ".cell h3");
        assertNotEquals(first, second);
        hover(browser, "document.querySelector('#confusion h2')");
        assertEquals(second, text(browser, ".cell h3"), "a chosen cell stays");
        assertEquals(
                "true",
                browser.evaluate(buttons + "[1].getAttribute('aria-pressed')").asText());
    }

    private static void cloudTurnsAndTellsItsPoints(Chromium browser) throws Exception {
        String cloud = "document.querySelector('canvas.cloud')";
        String image = cloud + ".toDataURL()";
        double[] at = middle(browser, cloud);
        String before = browser.evaluate(image).asText();
        browser.move(at[0], at[1]);
        browser.press(at[0], at[1]);
        browser.move(at[0] + 40, at[1] + 20);
        browser.release(at[0] + 40, at[1] + 20);
        browser.await(image + " !== '" + before + "'");
        // somewhere near the middle there is a point
        for (int offset = 0;
                browser.evaluate("document.querySelector('.found').hidden").asBoolean();
                offset += 3) {
            assertTrue(offset < 150, "no point was found");
            browser.move(at[0] + offset - 75, at[1]);
        }
        browser.await(ALL_DRAWN);
        assertTrue(text(browser, ".found").matches("[0-9]"));
        String all = browser.evaluate(image).asText();
        click(browser, "document.querySelector('.keys button')");
        browser.await(image + " !== '" + all + "'");
        assertEquals(
                "false",
                browser.evaluate("document.querySelector('.keys button').ariaPressed")
                        .asText());
        browser.evaluate(cloud + ".focus()");
        String turned = browser.evaluate(image).asText();
        browser.key("ArrowLeft");
        browser.await(image + " !== '" + turned + "'");
    }

    private static void numbersOpenAsATable(Chromium browser) throws Exception {
        click(browser, "document.querySelector('#loss summary')");
        browser.await("document.querySelectorAll('#loss details tbody tr').length === 3");
        browser.evaluate("document.querySelector('#accuracy .chart').focus()");
        browser.key("ArrowRight");
        assertTrue(tipIsShown(browser, "#accuracy", "epoch 1"));
    }

    @Test
    void markupInLabelsStaysText() throws Exception {
        List<String> labels = new ArrayList<>(report.labels());
        labels.set(0, TrainedRun.MARKUP);
        labels.set(1, "<img src=x onerror=\"window.broken = true\">");
        labels.set(2, "a & b \u2028 </script>");
        Report hostile = new Report(
                report.run(),
                labels,
                report.epochs(),
                report.steps(),
                report.confusion(),
                null,
                report.gallery(),
                report.projection(),
                report.firstLayer(),
                report.data(),
                report.settings(),
                report.provenance(),
                report.timings());
        try (Chromium browser = open(ReportPage.html(hostile), 1600, false)) {
            assertEquals(TrainedRun.MARKUP, text(browser, ".matrix tbody th"));
            assertEquals(
                    labels.get(2),
                    browser.evaluate("document.querySelectorAll('.matrix tbody th')[2].textContent")
                            .asText());
            assertTrue(browser.evaluate("window.broken === undefined").asBoolean());
            assertEquals(
                    0,
                    browser.evaluate("document.querySelectorAll('main img').length")
                            .asInt());
            assertSilent(browser);
        }
    }

    @Test
    void aRunWithoutPicturesSaysSo() throws Exception {
        MetricValues metrics = MetricValues.ofTraining(0.01, 1);
        Report xor = new Report(
                new Report.Run(
                        "xor", "2-20-1", "xor.csv", Map.of(Part.TRAIN, 4L), null, "tree", "portable", 1, 2, 2, 0.1),
                List.of("0", "1"),
                List.of(new Report.Epoch(1, metrics, null), new Report.Epoch(2, metrics, null)),
                StepLosses.of(new float[] {0.7f, 0.01f}, 1),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of());
        try (Chromium browser = open(ReportPage.html(xor), 400, false)) {
            assertTrue(text(browser, "#digits").contains("not pictures"));
            assertTrue(text(browser, "#weights").contains("not pictures"));
            assertTrue(text(browser, "#data-check").contains("Nobody looked"));
            assertTrue(text(browser, "#space").contains("rows of 3 to 8,192 features"));
            assertTrue(text(browser, "#confusion").contains("no rows to test"));
            assertFalse(
                    browser.evaluate("!!document.querySelector('#mistakes')").asBoolean());
            assertEquals(
                    3,
                    browser.evaluate("document.querySelectorAll('.chart canvas').length")
                            .asInt());
            assertSilent(browser);
        }
    }

    @ParameterizedTest
    @CsvSource({"400, true", "1600, false"})
    void severalRunsShareAChart(int width, boolean dark) throws Exception {
        List<ComparisonPage.ComparedRun> runs = new ArrayList<>();
        for (int hidden : new int[] {20, 100}) {
            for (String activation : List.of("sigmoid", "relu", TrainedRun.MARKUP)) {
                runs.add(new ComparisonPage.ComparedRun(
                        report.run(),
                        report.epochs(),
                        List.of(
                                new Report.Setting("hidden", Integer.toString(hidden), "option"),
                                new Report.Setting("hidden-activation", activation, "option"),
                                new Report.Setting("epochs", "3", "option"))));
            }
        }
        try (Chromium browser = open(ComparisonPage.html(runs, 0), width, dark)) {
            assertEquals("6 runs that differ in hidden and hidden-activation.", text(browser, "h1"));
            hover(browser, "document.querySelector('#accuracy .chart')");
            assertTrue(tipIsShown(browser, "#accuracy", "100 · relu"));
            assertTrue(text(browser, "#other figcaption").startsWith("Validation balanced accuracy"));
            click(browser, "document.querySelector('#part button')");
            assertTrue(text(browser, "#loss figcaption").startsWith("Training loss"));
            assertTrue(
                    browser.evaluate("document.querySelector('#other').hidden").asBoolean(),
                    "training tells loss and accuracy alone");
            browser.await(ALL_DRAWN);
            assertEquals(
                    6,
                    browser.evaluate("document.querySelectorAll('#finals tbody tr').length")
                            .asInt());
            assertTrue(browser.evaluate("document.querySelectorAll('#finals td.best').length")
                            .asInt()
                    > 0);
            assertTrue(browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
                    .asBoolean());
            assertTrue(browser.evaluate("window.broken === undefined").asBoolean());
            assertSilent(browser);
        }
    }
}
