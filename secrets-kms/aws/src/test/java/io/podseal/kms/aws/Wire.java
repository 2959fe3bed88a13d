// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/** A server on this machine that counts and keeps every call, and answers with exactly the bytes that it is told. */
final class Wire implements AutoCloseable {
    /** What came in. */
    record Call(String requestLine, TreeMap<String, String> headers, String body) {
        /** The operation of an AWS service of the JSON protocol, for example {@code Decrypt}. */
        String operation() {
            String target = headers.getOrDefault("x-amz-target", "");
            return target.substring(target.indexOf('.') + 1);
        }
    }

    private final ServerSocket server;
    private final String scheme;
    private final Function<Call, byte[]> answers;
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    private Wire(ServerSocketFactory sockets, String scheme, Function<Call, byte[]> answers) {
        try {
            this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.scheme = scheme;
        this.answers = answers;
        Thread acceptor = new Thread(this::accept, "wire");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    static Wire answering(Function<Call, byte[]> answers) {
        return new Wire(ServerSocketFactory.getDefault(), "http", answers);
    }

    static Wire withTls(ServerSocketFactory sockets, Function<Call, byte[]> answers) {
        return new Wire(sockets, "https", answers);
    }

    /** Passes everything on to that server. */
    static Wire before(URI next) {
        HttpClient client = HttpClient.newHttpClient();
        return answering(call -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(next.resolve("/"))
                    .POST(HttpRequest.BodyPublishers.ofString(call.body, ISO_8859_1));
            call.headers.forEach((name, value) -> {
                if (name.startsWith("x-amz") || name.equals("content-type") || name.equals("authorization")) {
                    request.header(name, value);
                }
            });
            try {
                HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                return http(response.statusCode(), "", new String(response.body(), UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A whole answer. */
    static byte[] http(int status, String headers, String body) {
        return ("HTTP/1.1 " + status
                        + " Told\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: 6b0f-11ee\r\n"
                        + headers + "Connection: close\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n"
                        + body)
                .getBytes(UTF_8);
    }

    String url() {
        return scheme + "://localhost:" + server.getLocalPort();
    }

    int port() {
        return server.getLocalPort();
    }

    List<Call> calls() {
        return calls;
    }

    /** The operations of the calls so far. */
    List<String> operations() {
        return calls.stream().map(Call::operation).toList();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket), "wire-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            String requestLine = line(in);
            TreeMap<String, String> headers = new TreeMap<>();
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            Call call = new Call(requestLine, headers, new String(in.readNBytes(length), ISO_8859_1));
            calls.add(call);
            socket.getOutputStream().write(answers.apply(call));
            socket.getOutputStream().flush();
        } catch (IOException | RuntimeException gone) {
            // The client has its own view of that.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("no request");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
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
