package io.treegrad.spark.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The way to the port of an executor, on which bytes are counted, and which may fail in the middle of a message. */
final class Wire implements AutoCloseable {
    /** What becomes of a connection. */
    enum Fault {
        /** It ends. */
        CLOSES,
        /** No byte more comes through, though both ends stay open. */
        STALLS,
        /** One byte is another. */
        GARBLES
    }

    private record Plan(Fault fault, long afterBytes) {}

    /** One connection, in the order in which they were opened: the driver comes before all executors. */
    private static final class Line {
        private final Socket here;
        private final Socket there;
        private final AtomicLong bytes = new AtomicLong();
        private volatile Plan plan;

        Line(Socket here, Socket there) {
            this.here = here;
            this.there = there;
        }

        void close() {
            for (Socket socket : List.of(here, there)) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private final ServerSocket server;
    private final int target;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ByteArrayOutputStream listened = new ByteArrayOutputStream();
    private volatile int mostConnections = Integer.MAX_VALUE;

    /** @param address of an executor on the loopback interface, as HOST:PORT */
    Wire(String address) throws IOException {
        target = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Bytes that went through the driver's connection, both ways. */
    long bytesOfDriver() {
        return lines.get(0).bytes.get();
    }

    /**
     * Has a connection fail once.
     *
     * @param connection 0 for the driver's, then those of other executors
     * @param afterBytes how many more go through before, both ways together
     */
    void fail(Fault fault, int connection, long afterBytes) {
        Line line = lines.get(connection);
        line.plan = new Plan(fault, line.bytes.get() + afterBytes);
    }

    /** All bytes that went through so far, as somebody who listens on the way would see them. */
    byte[] listened() {
        synchronized (listened) {
            return listened.toByteArray();
        }
    }

    /** Closes those beyond this number as soon as they are opened. */
    void setMostConnections(int most) {
        mostConnections = most;
    }

    private static void start(Runnable part) {
        Thread thread = new Thread(part, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket here = server.accept();
                if (lines.size() == mostConnections) {
                    here.close();
                    continue;
                }
                Line line = new Line(here, new Socket(InetAddress.getLoopbackAddress(), target));
                lines.add(line);
                start(() -> copy(line, line.here, line.there));
                start(() -> copy(line, line.there, line.here));
            }
        } catch (IOException closed) {
            // as it is at the end
        }
    }

    private void copy(Line line, Socket from, Socket to) {
        byte[] piece = new byte[4096];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                long before = line.bytes.getAndAdd(length);
                synchronized (listened) {
                    listened.write(piece, 0, length);
                }
                Plan plan = line.plan;
                if (plan != null && before + length > plan.afterBytes()) {
                    if (plan.fault() == Fault.GARBLES) {
                        line.plan = null;
                        piece[(int) Math.max(0, plan.afterBytes() - before)] ^= 0x55;
                    } else {
                        out.write(piece, 0, (int) Math.max(0, plan.afterBytes() - before));
                        if (plan.fault() == Fault.STALLS) {
                            end.await();
                        }
                        break;
                    }
                }
                out.write(piece, 0, length);
            }
        } catch (IOException | InterruptedException closed) {
            // by the other end
        } finally {
            line.close();
        }
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        server.close();
        lines.forEach(Line::close);
    }
}
