package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.Counts;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.SplitMix64;
import io.treegrad.network.TreeSum;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends of an exchange over real connections on the loopback interface. */
@Timeout(60)
class NetworkExchangeTest {
    private static final String HOST = "127.0.0.1";
    private static final String PASSWORD = "only a test";
    private static final int SHARDS = 3;
    /** Large enough for a stream in several pieces. */
    private static final Network NETWORK = Network.dense(
            List.of(500, 100, 10), List.of(Activation.SIGMOID, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);

    private static final WorkSpec SPEC = new WorkSpec(NETWORK, Scaling.unit(), new StepPlan(30, SHARDS, 30, 1));

    private record Arrived(String executor, long number, Answer<?> answer) {}

    private final BlockingQueue<Arrived> answers = new LinkedBlockingQueue<>();
    private ExecutorEndpoint endpoint;
    private ExecutorExchange executor;
    private NetworkExchange driver;

    private static SparkConf plain() {
        return new SparkConf(false).set("spark.app.id", "app");
    }

    /** As the template for users has it. */
    private static SparkConf secure(String secret) {
        SparkConf conf = plain().set("spark.authenticate.secret", secret);
        try (Reader template = Files.newBufferedReader(Path.of("conf", "spark-secure.conf"))) {
            Properties lines = new Properties();
            lines.load(template);
            lines.stringPropertyNames().forEach(key -> conf.set(key, lines.getProperty(key)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return conf;
    }

    /** TLS with the key in that file. */
    private static SparkConf tls(Path keyStore) {
        return secure("a secret")
                .set("spark.network.crypto.enabled", "false")
                .set("spark.ssl.rpc.enabled", "true")
                .set("spark.ssl.rpc.keyStore", keyStore.toString())
                .set("spark.ssl.rpc.keyStorePassword", PASSWORD)
                .set("spark.ssl.rpc.trustStore", keyStore.toString())
                .set("spark.ssl.rpc.trustStorePassword", PASSWORD);
    }

    private static Path keyStore(Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("keystore.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        return file;
    }

    private void open(SparkConf ofExecutor, SparkConf ofDriver) throws IOException {
        endpoint = new ExecutorEndpoint(HOST, ofExecutor, LoopbackGroup.security(ofExecutor));
        executor = endpoint.expect("group", SPEC);
        driver = new NetworkExchange(
                SPEC,
                ofDriver,
                LoopbackGroup.security(ofDriver),
                (name, number, answer) -> answers.add(new Arrived(name, number, answer)));
    }

    private void connect() throws IOException {
        driver.connect("group", "7", endpoint.address());
    }

    @AfterEach
    void close() {
        driver.close();
        executor.close();
        endpoint.close();
    }

    private static float[] random(long seed) {
        SplitMix64 random = new SplitMix64(seed);
        float[] floats = new float[NETWORK.parameterCount()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = random.nextInt(1 << 20) / 1024f - 512;
        }
        return floats;
    }

    private static GradientSum gradient(int seed) {
        GradientSum sum = new GradientSum(NETWORK.parameterCount());
        System.arraycopy(random(seed), 0, sum.gradient(), 0, NETWORK.parameterCount());
        sum.setCounts(new Counts(seed, seed + 1, seed + 2, seed + 3, seed + 4L));
        return sum;
    }

    /** Sends one request and its answer of two nodes that are no siblings. */
    private void assertStepArrives(long number) throws InterruptedException {
        float[] theta = random(number);
        driver.send(new ExecutorReport.Reply.Work(number, new Request.Gradient(theta, 40 + number)));
        ExecutorReport.Reply.Work work = executor.await(number - 1, () -> {});
        assertEquals(number, work.number());
        assertEquals("step " + (40 + number), work.request().toString());
        assertArrayEquals(theta, work.request().theta());
        TreeSum<GradientSum> sum = new TreeSum<>(SHARDS);
        sum.put(0, gradient(1));
        sum.put(2, gradient(2));
        executor.answer(number, new Answer<>(sum, 1000 + number), () -> {});
        Arrived answer = answers.poll(20, TimeUnit.SECONDS);
        assertEquals("7", answer.executor());
        assertEquals(number, answer.number());
        assertEquals(1000 + number, answer.answer().computeNanos());
        @SuppressWarnings("unchecked") // that is what was sent
        TreeSum<GradientSum> arrived = (TreeSum<GradientSum>) answer.answer().sum();
        arrived.put(1, gradient(3));
        TreeSum<GradientSum> expected = new TreeSum<>(SHARDS);
        for (int leaf = 0; leaf < SHARDS; leaf++) {
            expected.put(leaf, gradient(new int[] {1, 3, 2}[leaf]));
        }
        assertArrayEquals(expected.total().gradient(), arrived.total().gradient());
        assertEquals(expected.total().counts(), arrived.total().counts());
    }

    @Test
    void requestsAndAnswersArriveStepAfterStep() throws Exception {
        open(plain(), plain());
        connect();
        for (long number = 1; number < 20; number++) {
            assertStepArrives(number);
        }
        assertTrue(driver.failure().isEmpty(), () -> driver.failure().toString());
        driver.send(new ExecutorReport.Reply.Work(20, new Request.Evaluation(random(3), Part.VALIDATION, 5)));
        assertEquals(
                "evaluation on the validation part",
                executor.await(19, () -> {}).request().toString());
    }

    private enum Protection {
        NONE,
        AES_GCM,
        TLS
    }

    @ParameterizedTest
    @EnumSource
    void whoListensWithoutTheKeySeesNoParameters(Protection protection, @TempDir Path directory) throws Exception {
        SparkConf conf =
                switch (protection) {
                    case NONE -> plain();
                    case AES_GCM -> secure("a secret");
                    case TLS -> tls(keyStore(directory));
                };
        open(conf, conf);
        try (Wire wire = new Wire(endpoint.address())) {
            driver.connect("group", "7", wire.address());
            for (long number = 1; number <= 3; number++) {
                assertStepArrives(number);
            }
            ByteBuffer few = ByteBuffer.allocate(8 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            few.asFloatBuffer().put(random(3), 1000, 8);
            String listened = new String(wire.listened(), StandardCharsets.ISO_8859_1);
            boolean seen = listened.contains(new String(few.array(), StandardCharsets.ISO_8859_1));
            assertEquals(protection == Protection.NONE, seen);
        }
    }

    @Test
    void withoutTheSecretNobodyIsLetIn() throws Exception {
        open(secure("a secret"), secure("another secret"));
        assertThrows(IOException.class, this::connect);
        driver.close();
        driver = new NetworkExchange(SPEC, plain(), LoopbackGroup.security(plain()), (name, number, sum) -> {});
        assertThrows(IOException.class, this::connect);
        driver.close();
        driver = new NetworkExchange(
                SPEC,
                secure("a secret"),
                LoopbackGroup.security(secure("a secret")),
                (name, number, answer) -> answers.add(new Arrived(name, number, answer)));
        connect();
        assertStepArrives(1);
    }

    @Test
    void connectionsForNoGroupOrForOneThatHasOneAreRefused() throws Exception {
        open(plain(), plain());
        assertThrows(IOException.class, () -> driver.connect("treegrad-no-such-group-1", "7", endpoint.address()));
        driver.close();
        driver = new NetworkExchange(
                SPEC,
                plain(),
                LoopbackGroup.security(plain()),
                (name, number, answer) -> answers.add(new Arrived(name, number, answer)));
        connect();
        try (NetworkExchange stranger =
                new NetworkExchange(SPEC, plain(), LoopbackGroup.security(plain()), (name, number, sum) -> {})) {
            assertThrows(IOException.class, () -> stranger.connect("group", "7", endpoint.address()));
        }
        assertStepArrives(1);
    }

    private static int port(ExecutorEndpoint endpoint) {
        return Integer.parseInt(endpoint.address().substring(HOST.length() + 1));
    }

    @Test
    void garbageAtThePortHarmsNobody() throws Exception {
        open(plain(), plain());
        connect();
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        int port = port(endpoint);
        for (int i = 0; i < 30; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    OutputStream out = socket.getOutputStream()) {
                byte[] bytes = new byte[1 + random.nextInt(5000)];
                for (int j = 0; j < bytes.length; j++) {
                    bytes[j] = (byte) random.nextInt(i % 2 == 0 ? 256 : 4);
                }
                out.write(bytes);
            } catch (IOException refused) {
                // as it may be
            }
            assertStepArrives(i + 1L);
        }
    }

    @Test
    void connectionThatClosesIsNoticedAtBothEnds() throws Exception {
        open(plain(), plain());
        connect();
        assertStepArrives(1);
        driver.send(new ExecutorReport.Reply.Work(2, new Request.Gradient(random(2), 2)));
        executor.close();
        Awaitility.await().until(() -> driver.failure().isPresent());
        String failure = driver.failure().get();
        assertTrue(failure.startsWith("the connection to executor 7, which listens at " + endpoint.address()), failure);
        assertThrows(ExecutorExchange.Broken.class, () -> executor.await(2, () -> {}));
    }

    @Test
    void answersToOtherRequestsBreakTheConnectionAndAreNotTaken() throws Exception {
        open(plain(), plain());
        connect();
        assertStepArrives(1);
        TreeSum<GradientSum> sum = new TreeSum<>(SHARDS);
        sum.put(0, gradient(1));
        executor.answer(7, new Answer<>(sum, 0), () -> {});
        Awaitility.await().until(() -> driver.failure().isPresent());
        String failure = driver.failure().get();
        assertTrue(failure.contains("an answer to request 7, expected one to request 1"), failure);
        assertTrue(answers.isEmpty());
    }

    @Test
    void parametersOfAnotherNumberBreakTheConnection() throws Exception {
        open(plain(), plain());
        driver.close();
        Network other = Network.dense(List.of(3, 1), List.of(Activation.SIGMOID), false, Loss.BINARY_CROSS_ENTROPY);
        driver = new NetworkExchange(
                new WorkSpec(other, Scaling.unit(), SPEC.steps()),
                plain(),
                LoopbackGroup.security(plain()),
                (name, number, sum) -> {});
        connect();
        driver.send(new ExecutorReport.Reply.Work(1, new Request.Gradient(new float[3], 0)));
        Awaitility.await().until(() -> driver.failure().isPresent());
        assertThrows(ExecutorExchange.Broken.class, () -> executor.await(0, () -> {}));
    }

    @Test
    void messagesOfAnEarlierGenerationReachOnlyThat() throws Exception {
        open(plain(), plain());
        connect();
        ExecutorExchange earlier = executor;
        try (NetworkExchange late = driver) {
            executor = endpoint.expect("next", SPEC);
            driver = new NetworkExchange(
                    SPEC,
                    plain(),
                    LoopbackGroup.security(plain()),
                    (name, number, answer) -> answers.add(new Arrived(name, number, answer)));
            driver.connect("next", "7", endpoint.address());
            assertStepArrives(1);
            late.send(new ExecutorReport.Reply.Work(1, new Request.Gradient(random(9), 9)));
            assertEquals("step 9", earlier.await(0, () -> {}).request().toString());
            assertStepArrives(2);
            earlier.close();
            assertStepArrives(3);
            assertThrows(IOException.class, () -> late.connect("group", "7", endpoint.address()));
        }
        assertStepArrives(4);
    }

    @Test
    void takenPortMeansTheNextOne() throws Exception {
        open(plain(), plain());
        int port = port(endpoint);
        SparkConf conf = plain().set(ExecutorEndpoint.PORT, Integer.toString(port));
        try (ExecutorEndpoint second = new ExecutorEndpoint(HOST, conf, LoopbackGroup.security(conf))) {
            assertTrue(port(second) > port, second.address());
        }
        conf.set("spark.port.maxRetries", "0");
        IOException taken = assertThrows(
                IOException.class, () -> new ExecutorEndpoint(HOST, conf, LoopbackGroup.security(conf)).close());
        assertEquals("cannot listen at " + HOST + ":" + port, taken.getMessage());
    }
}
