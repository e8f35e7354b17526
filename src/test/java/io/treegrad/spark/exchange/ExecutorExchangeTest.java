package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.treegrad.network.Sums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportResponseHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an executor accepts from the driver and from another executor, as one of two in its group. */
@Timeout(60)
class ExecutorExchangeTest {
    private static final int ELEMENTS = 10;
    private static final int SHARDS = 4;
    private static final int OWN_RANK = 0;
    private static final int PEER = 1;
    private static final int GRADIENT = 0;

    private final ExecutorExchange exchange = new ExecutorExchange(ELEMENTS, SHARDS, closed -> {});
    private ExchangeLink driver;
    private ExchangeLink peer;

    @BeforeEach
    void connect() {
        driver = exchange.acceptDriver(client(), OWN_RANK);
        peer = exchange.acceptPeer(PEER);
    }

    @AfterEach
    void close() {
        exchange.close();
    }

    /** To nowhere. */
    private static TransportClient client() {
        Channel channel = new EmbeddedChannel();
        return new TransportClient(channel, new TransportResponseHandler(channel));
    }

    private static StreamHeader.Parameters parameters(long number, int slice, int slices) {
        return new StreamHeader.Parameters(number, slice, slices, GRADIENT, 0, 7);
    }

    private static StreamHeader.Node node(long number, int slice, int nodes) {
        return new StreamHeader.Node(number, slice, nodes, 0, 0, Sums.unweighted(0.5, 1, 2), 7);
    }

    @Test
    void headersArriveAsTheyWereSent() {
        for (StreamHeader header : List.of(parameters(3, 1, 2), node(3, 1, 2))) {
            assertEquals(header, StreamHeader.decode(header.encode()));
        }
        assertThrows(IllegalArgumentException.class, () -> StreamHeader.decode(ByteBuffer.allocate(3)));
        Greeting greeting = new Greeting("group", 1, 0, List.of("a:1", "b:2"));
        assertEquals(greeting, Greeting.decode(greeting.encode()));
        Greeting alone = new Greeting("group", Greeting.DRIVER, 0, List.of());
        assertEquals(alone, Greeting.decode(alone.encode()));
        assertThrows(IllegalArgumentException.class, () -> Greeting.decode(ByteBuffer.wrap(new byte[] {'a'})));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "2, 0, 1", "1, 1, 1", "1, 0, 2", "1, 0, 0", "1, 0, -1"})
    void driverSendsTheNextRequestInAsManySlicesAsThereAreConnections(long number, int slice, int slices) {
        assertThrows(IllegalArgumentException.class, () -> driver.receive(parameters(number, slice, slices)));
        assertThrows(IllegalArgumentException.class, () -> driver.receive(node(1, 0, 1)));
        assertNotNull(driver.receive(parameters(1, 0, 1)));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 2", "2, 1, 2", "1, 0, 2", "1, 1, 3", "1, 1, 1"})
    void anotherExecutorPassesItsSliceOfTheNextRequestOn(long number, int slice, int slices) {
        exchange.setPeers(Map.of(PEER, client()));
        assertThrows(IllegalArgumentException.class, () -> peer.receive(parameters(number, slice, slices)));
        assertNotNull(peer.receive(parameters(1, PEER, 2)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "1, 0, 1", "3, 0, 1", "2, 1, 1", "2, 0, 0", "2, 0, 5"})
    void anotherExecutorAnswersThePresentRequestWithTheSliceThatIsJoinedHere(long number, int slice, int nodes)
            throws IOException {
        take(1);
        take(2);
        assertThrows(IllegalArgumentException.class, () -> peer.receive(node(number, slice, nodes)));
        assertNotNull(peer.receive(node(2, OWN_RANK, 1)));
        assertThrows(IllegalArgumentException.class, () -> peer.receive(node(2, OWN_RANK, 1)), "a second time");
    }

    private void take(long request) throws IOException {
        StreamCallbackWithID stream = driver.receive(new StreamHeader.Parameters(request, 0, 1, GRADIENT, 0, 7));
        stream.onData("", new FloatStream(new float[ELEMENTS], 0, ELEMENTS).nioByteBuffer());
        stream.onComplete("");
        assertEquals(request, exchange.await(request - 1, () -> {}).number());
    }

    @Test
    void eachHasOneConnectionInEachDirection() {
        assertThrows(IllegalArgumentException.class, () -> exchange.acceptDriver(client(), OWN_RANK));
        assertThrows(IllegalArgumentException.class, () -> exchange.acceptPeer(PEER));
        assertThrows(IllegalArgumentException.class, () -> exchange.linkTo(PEER).receive(node(1, 0, 1)));
    }
}
