package io.treegrad;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The order of the packages, network <- data, training <- model <- spark <- report <- cli, as the compiled classes keep it. */
class PackageOrderTest {
    private static final String BASE = "io.treegrad.";

    /** What each package may import of ours: everything to its left, and nobody beside it. */
    private static final Map<String, Set<String>> LEFT = Map.ofEntries(
            entry("common", Set.of()),
            entry("network", Set.of("common")),
            entry("data", Set.of("common", "network")),
            entry("training", Set.of("common", "network")),
            entry("model", Set.of("common", "network", "data", "training")),
            entry("storage", Set.of("common", "network", "data", "training", "model")),
            entry("spark", Set.of("common", "network", "data", "training", "model", "storage")),
            entry("report", Set.of("common", "network", "data", "training", "model", "storage")),
            entry("settings", Set.of("common", "network", "data", "training", "model", "storage", "spark", "report")),
            entry(
                    "run",
                    Set.of("common", "network", "data", "training", "model", "storage", "spark", "report", "settings")),
            entry(
                    "cli",
                    Set.of(
                            "common",
                            "network",
                            "data",
                            "training",
                            "model",
                            "storage",
                            "spark",
                            "report",
                            "settings",
                            "run")));

    private record Import(String from, String to) {
        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    private static List<Import> imports;

    @BeforeAll
    static void readTheClasses() {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        int code =
                ToolProvider.findFirst("jdeps").orElseThrow().run(writer, writer, "-verbose:package", "target/classes");
        assertEquals(0, code, output.toString());
        imports = Pattern.compile("^ +([\\w.]+) +-> ([\\w.]+)", Pattern.MULTILINE)
                .matcher(output.toString())
                .results()
                .map(match -> new Import(match.group(1), match.group(2)))
                .filter(found -> found.from().startsWith(BASE))
                .toList();
    }

    @Test
    void everyPackageIsOneOfTheKnown() {
        Set<String> seen = imports.stream()
                .map(found -> found.from().substring(BASE.length()))
                .collect(toCollection(TreeSet::new));
        assertTrue(LEFT.keySet().containsAll(seen), "packages " + seen + ", known " + LEFT.keySet());
        assertTrue(seen.containsAll(Set.of("network", "data", "training", "model", "spark", "cli")), "seen " + seen);
    }

    @Test
    void eachPackageImportsOnlyWhatStandsToItsLeft() {
        assertNone(imports.stream()
                .filter(found -> found.to().startsWith(BASE) && !found.to().equals(found.from()))
                .filter(found -> !LEFT.get(found.from().substring(BASE.length()))
                        .contains(found.to().substring(BASE.length()))));
        assertSeen("io.treegrad.data", "io.treegrad.network");
    }

    @Test
    void onlySparkImportsSpark() {
        assertNone(imports.stream()
                .filter(found -> !found.from().equals("io.treegrad.spark"))
                .filter(found -> found.to().matches("(org\\.apache\\.spark|scala)(\\..*)?")));
        assertSeen("io.treegrad.spark", "org.apache.spark");
    }

    @Test
    void onlyStorageAndSparkImportHadoop() {
        assertNone(imports.stream()
                .filter(found ->
                        !Set.of("io.treegrad.storage", "io.treegrad.spark").contains(found.from()))
                .filter(found -> found.to().matches("org\\.apache\\.hadoop(\\..*)?")));
        assertSeen("io.treegrad.storage", "org.apache.hadoop.fs");
    }

    @Test
    void commonImportsOnlyTheJdk() {
        assertNone(imports.stream()
                .filter(found -> found.from().equals("io.treegrad.common"))
                .filter(found -> !found.to().matches("java\\..*"))
                .filter(found -> !found.to().equals(found.from())));
    }

    @Test
    void networkImportsOnlyTheJdkAndBlas() {
        assertNone(imports.stream()
                .filter(found -> found.from().equals("io.treegrad.network"))
                .filter(found ->
                        !found.to().matches("(java|io\\.treegrad\\.common|dev\\.ludovic\\.netlib|org\\.bytedeco).*"))
                .filter(found -> !found.to().equals(found.from())));
        assertSeen("io.treegrad.network", "dev.ludovic.netlib.blas");
    }

    /** Gzip is all that a file format needs of a library, and commons-compress is where Spark itself is. */
    @Test
    void dataImportsOnlyTheJdkAndCommonsCompress() {
        assertNone(imports.stream()
                .filter(found -> found.from().equals("io.treegrad.data"))
                .filter(found -> !found.to().matches("(java|org\\.apache\\.commons\\.compress|io\\.treegrad)\\..*")));
        assertSeen("io.treegrad.data", "org.apache.commons.compress.compressors.gzip");
    }

    private static void assertNone(Stream<Import> forbidden) {
        assertEquals(List.of(), forbidden.toList());
    }

    /** The rule was tried on something: without this line of jdeps it would pass on an empty listing. */
    private static void assertSeen(String from, String to) {
        assertTrue(
                imports.contains(new Import(from, to)), "jdeps does not list " + from + " -> " + to + ": " + imports);
    }
}
