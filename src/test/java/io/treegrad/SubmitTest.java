package io.treegrad;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit.sh as a process, with the application as a delivered jar and Spark and Java as scripts that print their words. */
class SubmitTest {
    private static final String PRINT_WORDS = "#!/bin/sh\nfor word in \"$@\"; do printf '<%s>\\n' \"$word\"; done\n";

    /** Answers as Spark's launcher and makes class archives that hold its variables; else prints its words. */
    private static final String JAVA = """
            #!/bin/bash
            for word in "$@"; do
                case $word in
                    org.apache.spark.launcher.Main)
                        printf '\\0\\n'
                        printf '%s\\0' "$0" -cp "hadoop $HADOOP_CONF_DIR" Submit
                        exit ;;
                    -XX:ArchiveClassesAtExit=*)
                        env >"${word#*=}"
                        exit ;;
                esac
            done
            printf '<%s>\\n' "$@"
            """;

    @TempDir
    private Path directory;

    private Path home;
    private Path submit;
    private Path application;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> user = List.of();

    @BeforeEach
    void deliver() throws IOException {
        // The path holds what a shell would act on, if it were let.
        home = Files.createDirectories(directory.resolve("a b\n$(touch pwned) 'c'"));
        submit = Files.copy(Path.of("submit.sh"), home.resolve("submit.sh"));
        Files.copy(Path.of("pom.xml"), home.resolve("pom.xml"));
        application = Files.createDirectories(home.resolve("target")).resolve("treegrad-0.1.0-all.jar");
        Files.createFile(application);
    }

    @Test
    void optionsOfSparkComeFirstAndTheWordsOfTheCommandLast() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", PRINT_WORDS).toString());
        String hostile = "$(touch pwned) `touch pwned`\n\"x\"";
        Result result = run(submit, "--conf", "spark.x=a b", "--", "train", "--data", hostile, "--", "");
        assertEquals(
                "<--conf>\n<spark.x=a b>\n<--class>\n<io.treegrad.cli.Main>\n<" + application
                        + ">\n<train>\n<--data>\n<" + hostile + ">\n<-->\n<>\n",
                result.output);
        assertEquals(0, result.code);
        assertFalse(Files.exists(home.resolve("pwned")));
        assertFalse(Files.exists(directory.resolve("pwned")));
    }

    @Test
    void withoutOptionsOfSparkEveryWordIsOfTheCommand() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", PRINT_WORDS).toString());
        Result result = run(submit, "train", "--epochs", "1");
        assertEquals(
                "<--class>\n<io.treegrad.cli.Main>\n<" + application + ">\n<train>\n<--epochs>\n<1>\n", result.output);
    }

    @Test
    void theExitCodeOfSparkIsItsOwn() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", "#!/bin/sh\nexit 80\n").toString());
        assertEquals(80, run(submit, "train").code);
    }

    @Test
    void aSignalReachesSparkItself() throws Exception {
        Path spark = spark(
                "4.1.0", "#!/bin/sh\ntrap 'echo saved; exit 143' TERM\necho ready\nwhile :; do sleep 0.05; done\n");
        environment.put("SPARK_HOME", spark.toString());
        Process process = start(submit, "train");
        byte[] ready = process.getInputStream().readNBytes("ready\n".length());
        assertEquals("ready\n", new String(ready, StandardCharsets.UTF_8));
        // Unlike Process.destroy, this leaves the stream open.
        assertTrue(process.toHandle().destroy());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals("saved\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(143, process.exitValue());
    }

    @Test
    void itWorksThroughALinkAndFromAnotherDirectory() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", PRINT_WORDS).toString());
        Path first = Files.createSymbolicLink(directory.resolve("first"), home.resolve("submit.sh"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), first.getFileName());
        assertTrue(run(second, "train").output.contains("<" + application + ">"));
    }

    @Test
    void itWorksThroughALinkBesideIt() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", PRINT_WORDS).toString());
        Files.createSymbolicLink(home.resolve("link"), submit.getFileName());
        Result result = run(Path.of("/bin/sh"), "-c", "cd \"$1\" && bash link train", "sh", home.toString());
        assertTrue(result.output.contains("<" + application + ">"), result.errors);
    }

    @Test
    void aCurrentDirectoryThatWasRemovedIsTold() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", PRINT_WORDS).toString());
        String inRemoved = "mkdir gone && cd gone && rmdir ../gone && \"$1\" train";
        Result result = run(Path.of("/bin/sh"), "-c", inRemoved, "sh", submit.toString());
        assertTrue(result.errors.contains("submit.sh: The current directory was removed."), result.errors);
        assertEquals(78, result.code);
    }

    @Test
    void aSearchPathOfDirectoriesDoesNotLeadItAstray() throws Exception {
        environment.put("SPARK_HOME", spark("4.1.0", PRINT_WORDS).toString());
        environment.put("CDPATH", directory.toString());
        Result result = run(Path.of("/bin/bash"), home.getFileName() + "/submit.sh", "train");
        assertTrue(result.output.contains("<" + application + ">"), result.errors);
    }

    @Test
    void aUserWhoMayNotWriteRunsWhatIsBuiltAndNothingIsSaid() throws Exception {
        mavensSpark();
        user = asOneWhoMayNotWrite(home);
        Result result = run(submit, "train");
        assertEquals("", result.errors);
        assertEquals(0, result.code);
        assertTrue(result.output.endsWith("<Submit>\n<train>\n"), result.output);
    }

    @Test
    void aUserWhoMayNotWriteRunsWhatIsOlderThanItsSourcesAndIsTold() throws Exception {
        mavensSpark();
        Files.setLastModifiedTime(application, FileTime.fromMillis(0));
        Files.createDirectories(home.resolve("src/main"));
        user = asOneWhoMayNotWrite(home);
        Result result = run(submit, "train");
        assertEquals(
                "submit.sh: '" + home + "/target' cannot be written, so the application stays older than its sources\n",
                result.errors);
        assertEquals(0, result.code);
        assertTrue(result.output.endsWith("<Submit>\n<train>\n"), result.output);
    }

    @Test
    void whatIsMissingIsExplainedToAUserWhoMayNotWrite() throws Exception {
        Files.delete(application);
        user = asOneWhoMayNotWrite(home);
        assertRefused("submit.sh: '" + home + "/target' cannot be written, and the application has to be built.\n");
    }

    @Test
    void theLauncherIsAskedAtEveryStart() throws Exception {
        mavensSpark();
        assertTrue(run(submit, "train").output.contains("<hadoop >\n"));
        environment.put("HADOOP_CONF_DIR", "/etc/hadoop");
        assertTrue(run(submit, "train").output.contains("<hadoop /etc/hadoop>\n"));
    }

    /** Late, where Spark's own code is used for its start alone; with executors it is also what moves the numbers of a step. */
    @Test
    void c2CompilesLateWhereTasksRunInTheDriver() throws Exception {
        mavensSpark();
        String late = "Tier4InvocationThreshold";
        for (String[] words : new String[][] {{"train"}, {"--master", "local[2]", "--", "train"}}) {
            assertTrue(run(submit, words).output.contains(late), List.of(words).toString());
        }
        for (String[] words : new String[][] {
            {"--master", "spark://host:7077", "--", "train"},
            {"--master=yarn", "--", "train"},
            {"--master", "local-cluster[2,1,1024]", "--", "train"},
            {"--conf", "spark.master=k8s://host", "--", "train"}
        }) {
            assertFalse(run(submit, words).output.contains(late), List.of(words).toString());
        }
    }

    @Test
    void theArchiveOfClassesIsMadeWithoutTheConfigurationOfOneUser() throws Exception {
        mavensSpark();
        environment.putAll(Map.of(
                "HADOOP_CONF_DIR", "/mine", "YARN_CONF_DIR", "/mine", "SPARK_CONF_DIR", "/mine", "SPARK_KEY", "/mine"));
        assertEquals(0, run(submit, "train").code);
        String archive = Files.readString(home.resolve("target/spark/classes-17.0.1.jsa"));
        assertTrue(archive.contains("SPARK_HOME="), archive);
        assertFalse(archive.contains("/mine"), archive);
    }

    /** A JVM refuses the archive of another, and would start slowly ever after. */
    @Test
    void eachJavaHasAnArchiveOfClassesOfItsOwn() throws Exception {
        mavensSpark();
        run(submit, "train");
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        Path archive = home.resolve("target/spark/classes-25.0.3.jsa");
        assertTrue(run(submit, "train").output.contains("<-XX:SharedArchiveFile=" + archive + ">"));
        assertTrue(Files.exists(archive));
    }

    @Test
    void spark3IsRefusedWithTheFix() throws Exception {
        environment.put("SPARK_HOME", spark("3.5.1", PRINT_WORDS).toString());
        assertRefused("is Spark 3.5.1, but treegrad needs Spark 4");
    }

    @Test
    void spark3OnThePathIsRefusedToo() throws Exception {
        Path spark = spark("3.5.1", PRINT_WORDS);
        environment.put("PATH", spark.resolve("bin") + ":" + System.getenv("PATH"));
        assertRefused("is Spark 3.5.1, but treegrad needs Spark 4");
    }

    @Test
    void aSparkHomeWithoutSparkIsRefused() throws Exception {
        environment.put("SPARK_HOME", directory.toString());
        assertRefused("there is no bin/spark-submit in it");
    }

    @Test
    void aJavaHomeWithoutJavaIsRefused() throws Exception {
        environment.put("JAVA_HOME", "/nowhere");
        assertRefused("JAVA_HOME is '/nowhere', but there is no bin/java in it. Set JAVA_HOME to a JDK 17");
    }

    @Test
    void jdk11IsRefusedByItsReleaseFile() throws Exception {
        Path jdk = script(directory.resolve("jdk/bin/java"), "#!/bin/sh\nexit 1\n");
        Files.writeString(directory.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        environment.put("JAVA_HOME", jdk.getParent().getParent().toString());
        assertRefused("is Java 11.0.2, but Spark 4 needs 17 or newer. Set JAVA_HOME to a JDK 17.");
    }

    @Test
    void java8WithoutAReleaseFileIsAskedForItsVersion() throws Exception {
        Path jdk = script(directory.resolve("jdk/bin/java"), "#!/bin/sh\necho 'openjdk version \"1.8.0_392\"' >&2\n");
        environment.put("JAVA_HOME", jdk.getParent().getParent().toString());
        assertRefused("is Java 1.8.0_392, but Spark 4 needs 17 or newer");
    }

    @Test
    void withoutMavenAMissingBuildIsExplained() throws Exception {
        Files.delete(application);
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of("bash", "sed", "head", "dirname", "basename", "readlink", "find", "mkdir")) {
            script(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
        }
        environment.put("PATH", tools.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        assertRefused("There is no mvn, and the application has to be built. Install Maven 3.8.");
    }

    @Test
    void shellcheckFindsNothing() throws Exception {
        boolean there =
                new ProcessBuilder("sh", "-c", "command -v shellcheck").start().waitFor() == 0;
        assumeTrue(there, "shellcheck is not installed");
        Process process = new ProcessBuilder("shellcheck", "submit.sh", ".ci/run")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    private void assertRefused(String reason) throws Exception {
        Result result = run(submit, "train");
        assertEquals(78, result.code, result.errors);
        assertTrue(result.errors.contains(reason), result.errors);
        assertEquals("", result.output);
    }

    private Path spark(String version, String sparkSubmit) throws IOException {
        Path spark = directory.resolve("spark home");
        script(spark.resolve("bin/spark-submit"), sparkSubmit);
        Files.createDirectories(spark.resolve("jars"));
        Files.createFile(spark.resolve("jars/spark-core_2.13-" + version + ".jar"));
        return spark;
    }

    /** Maven's Spark, as submit.sh puts it in place, and a Java that does no more than say how it was called. */
    private void mavensSpark() throws IOException {
        Files.createDirectories(home.resolve("target/spark/jars"));
        Path jdk = script(directory.resolve("jdk/bin/java"), JAVA);
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        environment.put("JAVA_HOME", jdk.getParent().getParent().toString());
    }

    /**
     * The words before a command with which it may read an installation but not write to it. Permissions do not bind root,
     * so root becomes another user. The installation may lie in a private directory of JUnit, which is opened.
     */
    static List<String> asOneWhoMayNotWrite(Path installation) throws IOException {
        Files.setPosixFilePermissions(installation.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Stream<Path> files = Files.walk(installation)) {
            for (Path file : files.toList()) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                permissions.removeAll(Set.of(OWNER_WRITE, GROUP_WRITE, OTHERS_WRITE));
                Files.setPosixFilePermissions(file, permissions);
            }
        }
        return System.getProperty("user.name").equals("root")
                ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                : List.of();
    }

    private static Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Result(int code, String output, String errors) {}

    private Result run(Path script, String... words) throws Exception {
        Process process = start(script, words);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = Files.readString(directory.resolve("errors"));
        return new Result(process.waitFor(), output, errors);
    }

    private Process start(Path script, String... words) throws IOException {
        List<String> command = new ArrayList<>(user);
        command.add(script.toString());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_") || name.endsWith("_CONF_DIR"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
