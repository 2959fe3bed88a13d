// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that leads every host to one address on loopback. */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final InetSocketAddress target;

    /** Every host and port that was asked for. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public ConnectProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** What a setting of a proxy takes. */
    public String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // the end of this connection
                    }
                },
                "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            start(() -> tunnel(client));
        }
    }

    private void tunnel(Socket client) throws IOException {
        try (client;
                Socket server = new Socket()) {
            StringBuilder head = new StringBuilder();
            InputStream in = client.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            asked.add(head.toString().split(" ")[1]);
            server.connect(target);
            client.getOutputStream().write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(UTF_8));
            start(() -> copy(server.getInputStream(), client.getOutputStream(), client));
            copy(in, server.getOutputStream(), server);
        }
    }

    private static void copy(InputStream in, OutputStream out, Socket end) throws IOException {
        try {
            in.transferTo(out);
        } finally {
            end.close();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
