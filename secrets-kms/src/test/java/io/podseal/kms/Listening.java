// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What listens on loopback where the right server should: one that says something else, one that accepts nobody, or none. */
public final class Listening implements AutoCloseable {
    private static final int FIRST_BYTES = 512;

    private final ServerSocket listening;
    private final List<Socket> waiting = new ArrayList<>();

    /** The first line of everybody who was answered. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    private Listening(int queue) throws IOException {
        listening = new ServerSocket(0, queue, InetAddress.getByName("127.0.0.1"));
    }

    /** A place where nobody listens. */
    public static InetSocketAddress nowhere() throws IOException {
        try (Listening closed = new Listening(1)) {
            return closed.address();
        }
    }

    /** One that accepts nobody, and whose queue is full: connecting to it gets no answer. */
    public static Listening full() throws IOException {
        Listening full = new Listening(1);
        for (int i = 0; i < 2; i++) {
            Socket socket = new Socket();
            socket.connect(full.address());
            full.waiting.add(socket);
        }
        return full;
    }

    /** One that answers whatever it is asked with that, byte for byte, and hangs up. */
    public static Listening answering(String answer) throws IOException {
        Listening server = new Listening(50);
        Thread thread = new Thread(() -> server.answerAll(answer.getBytes(ISO_8859_1)), "answering");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private void answerAll(byte[] answer) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                byte[] first = new byte[FIRST_BYTES];
                int length = socket.getInputStream().read(first);
                asked.add(new String(first, 0, Math.max(0, length), ISO_8859_1).split("\r\n", 2)[0]);
                socket.getOutputStream().write(answer);
            } catch (IOException closedOrReset) {
                // the next one, or the end
            }
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** As settings name a host and a port. */
    public String hostAndPort() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        listening.close();
    }
}
