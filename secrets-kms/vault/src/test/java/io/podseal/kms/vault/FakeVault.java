// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Not Vault: an imitation of the part of its HTTP API that is used here, on loopback. It checks the token, the policy of the
 * path, the namespace, the key's type, associated data and context, and refuses with the statuses and words that the published
 * API and its sources have. It can also do what no Vault should.
 */
final class FakeVault implements AutoCloseable {
    /** What it does instead of answering. */
    interface Fault {
        void answer(HttpExchange exchange) throws IOException;
    }

    final AtomicLong nanos = new AtomicLong();
    final FakeTransit transit = new FakeTransit();
    final FakeLogins logins = new FakeLogins(nanos);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private String namespace = "";

    private FakeVault(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** One without TLS. */
    static FakeVault http() throws IOException {
        return new FakeVault(HttpServer.create(loopback(), 0));
    }

    static FakeVault https(LoopbackTls certificate) throws IOException, GeneralSecurityException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        return new FakeVault(server);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    String url() {
        return (server instanceof HttpsServer ? "https://" : "http://") + authority();
    }

    String authority() {
        return "localhost:" + server.getAddress().getPort();
    }

    String kek(String key) {
        return "hcvault://" + authority() + "/transit/keys/" + key;
    }

    FakeVault namespace(String name) {
        namespace = name;
        return this;
    }

    /** The next call meets this. */
    void next(Fault fault) {
        synchronized (faults) {
            faults.add(fault);
        }
    }

    /** The next call is answered with that. */
    void next(int status, String body) {
        next(exchange -> send(exchange, status, body));
    }

    int calls(String path) {
        return calls.getOrDefault(path, 0);
    }

    int calls() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The last body that was posted. */
    JsonObject lastRequest() {
        return requests.get(requests.size() - 1);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/v1/", "");
            calls.merge(path, 1, Integer::sum);
            byte[] body = exchange.getRequestBody().readAllBytes();
            Fault fault;
            synchronized (faults) {
                fault = faults.poll();
            }
            if (fault != null) {
                fault.answer(exchange);
                return;
            }
            answer(exchange, path, body);
        }
    }

    private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
        try {
            String token = header(exchange, "X-Vault-Token");
            if (!header(exchange, "X-Vault-Namespace").equals(namespace)) {
                throw new FakeLogins.Refused(403, "permission denied");
            }
            if (!header(exchange, "X-Vault-Request").equals("true")) {
                throw new FakeLogins.Refused(412, "required 'X-Vault-Request' header is missing");
            }
            if (!exchange.getRequestMethod().equals("POST")
                    && !exchange.getRequestMethod().equals("PUT")) {
                throw new FakeLogins.Refused(405, "unsupported operation");
            }
            JsonObject request = JsonParser.parseString(new String(body, UTF_8)).getAsJsonObject();
            requests.add(request);
            JsonObject answer = new JsonObject();
            answer.addProperty("request_id", "00000000-0000-0000-0000-000000000000");
            if (path.startsWith("auth/") && path.endsWith("/login")) {
                String mount = path.substring(5, path.length() - 6);
                answer.add("auth", logins.logIn(mount, request));
            } else if (path.equals("auth/token/renew-self")) {
                answer.add("auth", logins.renew(token));
            } else {
                answer.add("data", transit(path, token, request));
            }
            send(exchange, 200, answer.toString());
        } catch (FakeLogins.Refused e) {
            send(exchange, e.status, errors(e.getMessage()));
        } catch (FakeTransit.Refused e) {
            send(exchange, 400, errors(e.getMessage()));
        } catch (JsonSyntaxException | IllegalStateException e) {
            send(exchange, 400, errors("failed to parse JSON input"));
        } catch (GeneralSecurityException e) {
            send(exchange, 500, errors("internal error"));
        }
    }

    private JsonObject transit(String path, String token, JsonObject request)
            throws FakeLogins.Refused, FakeTransit.Refused, GeneralSecurityException {
        String[] parts = path.split("/");
        boolean encrypt = parts.length == 3 && parts[1].equals("encrypt");
        // a key that is not there would be made, which is another right
        logins.require(token, path, encrypt && !transit.has(parts[2]) ? "create" : "update");
        if (parts.length != 3 || !parts[0].equals("transit")) {
            throw new FakeLogins.Refused(404, "no handler for route \"" + path + "\". route entry not found.");
        }
        return encrypt ? transit.encrypt(parts[2], request) : transit.decrypt(parts[2], request);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** A refusal; the real one's texts may quote what was sent. */
    static String errors(String text) {
        JsonArray errors = new JsonArray();
        errors.add(text + " " + Refusal.CANARY);
        JsonObject answer = new JsonObject();
        answer.add("errors", errors);
        return answer.toString();
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
