// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback TCP proxy in front of a real API server, which can lose connections as networks do: without a sign to either
 * end.
 */
final class TcpProxy implements AutoCloseable {
    private final ServerSocket server;
    private final URI target;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    TcpProxy(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    /** How many were made so far. */
    int connections() {
        return connections.get();
    }

    /** From now on, what is connected hears nothing any more and stays open; who connects anew is served. */
    void goSilent() {
        links.forEach(link -> link.silent = true);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                connections.incrementAndGet();
                try {
                    links.add(new Link(near, new Socket(target.getHost(), target.getPort())));
                } catch (IOException notServed) {
                    near.close();
                }
            } catch (IOException closed) {
                // the test is over
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            links.forEach(Link::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Link {
        private final Socket near;
        private final Socket far;
        private volatile boolean silent;

        Link(Socket near, Socket far) {
            this.near = near;
            this.far = far;
            daemon(() -> pump(near, far));
            daemon(() -> pump(far, near));
        }

        private void pump(Socket from, Socket to) {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (!silent) {
                        out.write(buffer, 0, count);
                    }
                }
            } catch (IOException ended) {
                // as the end of the stream
            }
            if (!silent) { // an end does not get through silence either
                close();
            }
        }

        void close() {
            try {
                near.close();
                far.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
