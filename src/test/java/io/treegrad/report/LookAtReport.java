package io.treegrad.report;

import io.treegrad.network.Activation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the pages of small networks trained here and, where there is Chromium, pictures of them at 400 and 1600 pixels,
 * light and dark:
 *
 * <pre>MNIST_DIR=… mvn -o -q -DskipTests test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.treegrad.report.LookAtReport -Dexec.args=target/pages</pre>
 *
 * <p>Without {@code MNIST_DIR} the digits are drawn ones. With the page of a run in place of the directory, pictures of
 * that page, beside it.
 */
final class LookAtReport {
    private LookAtReport() {}

    public static void main(String[] arguments) throws Exception {
        Path given = Path.of(arguments[0]);
        if (Files.isRegularFile(given)) {
            pictures(given.toAbsolutePath().getParent(), List.of(given));
            return;
        }
        Path directory = Files.createDirectories(given);
        Report report = TrainedRun.report(128, Activation.RELU, 8, 20_000, 10_000);
        Path page = Files.writeString(directory.resolve("report.html"), ReportPage.html(report));
        System.out.println(page + ": " + Files.size(page) + " bytes");
        List<ComparisonPage.ComparedRun> runs = new ArrayList<>();
        for (int hidden : new int[] {20, 100}) {
            for (Activation activation : List.of(Activation.SIGMOID, Activation.RELU, Activation.TANH)) {
                Report one = TrainedRun.report(hidden, activation, 12, 4000, 2000);
                runs.add(new ComparisonPage.ComparedRun(one.run(), one.epochs(), one.settings()));
            }
        }
        Path comparison = Files.writeString(directory.resolve("comparison.html"), ComparisonPage.html(runs, 0));
        System.out.println(comparison + ": " + Files.size(comparison) + " bytes");
        pictures(directory, List.of(page, comparison));
    }

    private static void pictures(Path directory, List<Path> pages) throws Exception {
        if (Chromium.executable().isEmpty()) {
            return;
        }
        for (Path page : pages) {
            for (int width : new int[] {400, 1600}) {
                for (boolean dark : new boolean[] {false, true}) {
                    try (Chromium browser = Chromium.start(Chromium.executable().get())) {
                        browser.open(page.toAbsolutePath(), width, 1000, dark);
                        Thread.sleep(500);
                        String name = page.getFileName().toString().replace(".html", "") + "-" + width
                                + (dark ? "-dark" : "-light") + ".png";
                        Files.write(directory.resolve(name), browser.picture(width));
                        System.out.println(name + " " + browser.complaints() + " "
                                + browser.requests().size());
                    }
                }
            }
        }
    }
}
