package io.treegrad.report;

import io.treegrad.network.Activation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the pages of small networks trained here and, where there is Chromium, pictures of them:
 *
 * <pre>mvn -o -q test-compile exec:java@look-at-report -Dexec.args=target/pages</pre>
 *
 * <p>Real digits with {@code MNIST_DIR} set.
 */
final class LookAtReport {
    private LookAtReport() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
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
        Path comparison = Files.writeString(directory.resolve("comparison.html"), ComparisonPage.html(runs));
        System.out.println(comparison + ": " + Files.size(comparison) + " bytes");
        pictures(directory, List.of(page, comparison));
    }

    static void pictures(Path directory, List<Path> pages) throws Exception {
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
