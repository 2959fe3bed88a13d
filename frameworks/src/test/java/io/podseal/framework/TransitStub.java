// SPDX-License-Identifier: Apache-2.0
package io.podseal.framework;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.podseal.testkit.FakeKms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Vault's Transit engine, on loopback, as a keyset's way through it needs. */
final class TransitStub implements AutoCloseable {
    private static final String TOKEN = "token-of-this-test";

    private final Aead key = new FakeKms("fake-kms://transit").kek();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger decryptions = new AtomicInteger();
    private final HttpServer server;

    TransitStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String kek() {
        return "hcvault://vault.example.com/transit/keys/payments_api";
    }

    /** What the file with the token holds. */
    String token() {
        return TOKEN;
    }

    int requests() {
        return requests.get();
    }

    int decryptions() {
        return decryptions.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] answer = {};
        int status = 403;
        if (TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            try {
                answer = ("{\"data\":{" + data(exchange.getRequestURI().getPath(), request) + "}}").getBytes(UTF_8);
                status = 200;
            } catch (GeneralSecurityException altered) {
                status = 400;
            }
        }
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private String data(String path, String request) throws GeneralSecurityException {
        byte[] account = Base64.getDecoder().decode(field("associated_data", request));
        if (path.equals("/v1/transit/encrypt/payments_api")) {
            byte[] wrapped = key.encrypt(Base64.getDecoder().decode(field("plaintext", request)), account);
            return "\"ciphertext\":\"vault:v1:" + Base64.getEncoder().encodeToString(wrapped) + "\"";
        }
        decryptions.incrementAndGet();
        String wrapped = field("ciphertext", request).substring("vault:v1:".length());
        byte[] keyset = key.decrypt(Base64.getDecoder().decode(wrapped), account);
        return "\"plaintext\":\"" + Base64.getEncoder().encodeToString(keyset) + "\"";
    }

    private static String field(String name, String json) {
        Matcher field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return field.find() ? field.group(1) : "";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
