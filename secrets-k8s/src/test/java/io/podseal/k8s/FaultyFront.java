// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A loopback HTTPS server in front of a real API server, with a certificate of its own: it passes every request on, except
 * those that it was told to answer itself, as a busy API server, a load balancer or an impostor would.
 */
final class FaultyFront implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");

    private final SSLServerSocket server;
    private final SSLContext towardsServer;
    private final Path caFile;
    private final URI target;
    private final AtomicReference<@Nullable Fault> fault = new AtomicReference<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Which requests are answered so, and not passed on. */
    private record Fault(Predicate<String> which, String answer) {}

    /** @param targetCa what the real server's certificate is checked against */
    FaultyFront(URI target, Path targetCa, Path folder) throws IOException, GeneralSecurityException {
        this.target = target;
        this.towardsServer = SSLContext.getInstance("TLS");
        towardsServer.init(null, new TrustManager[] {new CaFile(targetCa)}, null);
        this.caFile = Files.write(folder.resolve("front-ca.crt"), Certificates.pem(folder));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(Certificates.keys(folder), Certificates.PASSWORD.toCharArray());
        SSLContext own = SSLContext.getInstance("TLS");
        own.init(factory.getKeyManagers(), null, null);
        this.server = (SSLServerSocket)
                own.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "faulty-front");
        thread.setDaemon(true);
        thread.start();
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    Path caFile() {
        return caFile;
    }

    /** The first lines of all requests so far. */
    List<String> requests() {
        return requests;
    }

    /** Answers these itself from now on; a line of the answer ends with a line feed. */
    void answer(Predicate<String> which, String answer) {
        fault.set(new Fault(which, answer.replace("\n", "\r\n")));
    }

    /** Passes everything on again. */
    void mend() {
        fault.set(null);
    }

    static boolean isWatch(String requestLine) {
        return requestLine.contains("watch=true");
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket near = (SSLSocket) server.accept();
                daemon(() -> serve(near));
            } catch (IOException closed) {
                // the test is over
            }
        }
    }

    private void serve(SSLSocket near) {
        try (near) {
            String head = head(near.getInputStream());
            String line = head.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                return;
            }
            requests.add(line);
            Fault now = fault.get();
            if (now != null && now.which().test(line)) {
                near.getOutputStream()
                        .write(now.answer().replace("{accept}", accept(head)).getBytes(ISO_8859_1));
                near.getOutputStream().flush();
                return;
            }
            try (Socket far = towardsServer.getSocketFactory().createSocket(target.getHost(), target.getPort())) {
                far.getOutputStream().write(passedOn(head).getBytes(ISO_8859_1));
                far.getOutputStream().flush();
                daemon(() -> pump(near, far));
                pump(far, near);
            }
        } catch (IOException ended) {
            // by either end
        }
    }

    /** One request for each connection, so that every request is seen; an upgrade keeps what it says. */
    private static String passedOn(String head) {
        return head.toLowerCase(Locale.ROOT).contains("\r\nupgrade:")
                ? head
                : head.replaceFirst("\r\n", "\r\nConnection: close\r\n");
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    /** What the WebSocket protocol wants to hear. */
    private static String accept(String head) {
        Matcher key = KEY.matcher(head);
        if (!key.find()) {
            return "";
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            byte[] buffer = new byte[8192];
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
            to.close();
        } catch (IOException ended) {
            // by either end
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
