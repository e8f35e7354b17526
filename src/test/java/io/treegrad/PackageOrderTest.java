package io.treegrad;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The order of the packages, as the compiled classes keep it, and how large packages and files may grow before they hold more
 * than one idea.
 */
class PackageOrderTest {
    private static final String BASE = "io.treegrad.";
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final double LARGEST_SHARE_OF_A_PACKAGE = 0.2;
    private static final int MOST_LINES_OF_A_FILE = 300;

    /** From left to right. A package may import what stands to its left, and nothing beside it. */
    private static final List<Set<String>> ORDER = List.of(
            Set.of("common"),
            Set.of("network"),
            Set.of("data", "training"),
            Set.of("formats", "model", "worker"),
            Set.of("api", "storage"),
            Set.of("spark.exchange"),
            Set.of("spark", "report"),
            Set.of("settings"),
            Set.of("run"),
            Set.of("cli"));

    /** The place of each package in the order. */
    private static final Map<String, Integer> PLACES = IntStream.range(0, ORDER.size())
            .boxed()
            .flatMap(place -> ORDER.get(place).stream().map(name -> Map.entry(BASE + name, place)))
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));

    private record Import(String from, String to) {
        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    /** Between packages. */
    private static List<Import> imports;

    /** Between files, of one package too. */
    private static Set<Import> uses;

    @BeforeAll
    static void readTheClasses() {
        imports = jdeps("-verbose:package").toList();
        uses = jdeps("-verbose:class", "-filter:none")
                .map(found -> new Import(file(found.from()), file(found.to())))
                .filter(found -> !found.from().equals(found.to()))
                .collect(toSet());
    }

    private static Stream<Import> jdeps(String... options) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        String[] words =
                Stream.concat(Stream.of(options), Stream.of(CLASSES.toString())).toArray(String[]::new);
        int code = ToolProvider.findFirst("jdeps").orElseThrow().run(writer, writer, words);
        assertEquals(0, code, output.toString());
        return Pattern.compile("^ +([\\w.$]+) +-> ([\\w.$]+)", Pattern.MULTILINE)
                .matcher(output.toString())
                .results()
                .map(match -> new Import(match.group(1), match.group(2)))
                .filter(found -> found.from().startsWith(BASE));
    }

    /** The class that a file is named after. */
    private static String file(String className) {
        return className.replaceFirst("\\$.*", "");
    }

    @Test
    void everyPackageIsOneOfTheKnown() {
        assertEquals(PLACES.keySet(), imports.stream().map(Import::from).collect(toSet()));
    }

    @Test
    void eachPackageImportsOnlyWhatStandsToItsLeft() {
        assertNone(imports.stream()
                .filter(found -> found.to().startsWith(BASE) && !found.to().equals(found.from()))
                .filter(found -> PLACES.get(found.to()) >= PLACES.get(found.from())));
        assertSeen("io.treegrad.data", "io.treegrad.network");
    }

    @Test
    void onlySparkImportsSpark() {
        assertNone(imports.stream()
                .filter(found -> !found.from().matches("io\\.treegrad\\.spark(\\.exchange)?"))
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
    void networkImportsOnlyTheJdk() {
        assertNone(imports.stream()
                .filter(found -> found.from().equals("io.treegrad.network"))
                .filter(found -> !found.to().matches("(java|io\\.treegrad\\.common|jdk\\.incubator\\.vector).*"))
                .filter(found -> !found.to().equals(found.from())));
        assertSeen("io.treegrad.network", "jdk.incubator.vector");
    }

    @Test
    void dataImportsOnlyTheJdk() {
        assertNone(imports.stream()
                .filter(found -> found.from().equals("io.treegrad.data"))
                .filter(found -> !found.to().matches("(java|javax\\.crypto|io\\.treegrad)(\\..*)?")));
    }

    /** The libraries read bytes and know of no cluster; commons-compress and Parquet are where Spark itself is. */
    @Test
    void formatsImportLibrariesThatReadBytes() {
        assertNone(
                imports.stream()
                        .filter(found -> found.from().equals("io.treegrad.formats"))
                        .filter(
                                found -> !found.to()
                                        .matches(
                                                "(javax?|org\\.apache\\.commons\\.compress|org\\.apache\\.parquet|de\\.siegmar\\.fastcsv|io\\.treegrad)(\\..*)?")));
        assertSeen("io.treegrad.formats", "org.apache.commons.compress.compressors.gzip");
        assertSeen("io.treegrad.formats", "de.siegmar.fastcsv.reader");
        assertSeen("io.treegrad.formats", "org.apache.parquet.hadoop");
    }

    /** Neither of such a pair could be read, tested or moved without the other. */
    @Test
    void twoFilesUseEachOtherOnlyWhereATypeMakesItsOwnForms() {
        assertNone(uses.stream()
                .filter(found -> found.from().compareTo(found.to()) < 0)
                .filter(found -> uses.contains(new Import(found.to(), found.from())))
                .filter(found -> !isForm(found.from(), found.to()) && !isForm(found.to(), found.from())));
        for (String form : List.of("LocalPath", "HadoopPath")) {
            assertTrue(uses.contains(new Import(BASE + "storage.StoragePath", BASE + "storage." + form)), form);
            assertTrue(uses.contains(new Import(BASE + "storage." + form, BASE + "storage.StoragePath")), form);
        }
    }

    private static boolean isForm(String form, String type) {
        return loaded(type).isAssignableFrom(loaded(form));
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name, false, PackageOrderTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noPackageIsMoreThanAFifthOfTheCode() throws IOException {
        Map<Path, Long> lines = new TreeMap<>();
        for (Path source : sources()) {
            long code = Files.readAllLines(source).stream()
                    .filter(line -> !line.isBlank())
                    .count();
            lines.merge(SOURCES.relativize(source).getParent(), code, Long::sum);
        }
        assertEquals(PLACES.size(), lines.size(), lines.toString());
        double all = lines.values().stream().mapToLong(Long::longValue).sum();
        lines.forEach((name, count) -> assertTrue(
                count <= LARGEST_SHARE_OF_A_PACKAGE * all,
                () -> name + " has " + count + " of " + all + " lines: expected at most a fifth"));
    }

    @Test
    void noFileIsLongerThanThreeHundredLines() throws IOException {
        for (Path source : sources()) {
            int lines = Files.readAllLines(source).size();
            assertTrue(lines <= MOST_LINES_OF_A_FILE, () -> source + " has " + lines + " lines: is it one idea?");
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertTrue(sources.size() > 100, sources.size() + " files");
            return sources;
        }
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
