// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import io.podseal.kms.Refusal;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Not Google's: a token endpoint for the assertion of one service account (RFC 7523), whose credentials file it writes with a
 * key minted anew. It checks the signature of the assertion.
 */
final class FakeTokenEndpoint implements AutoCloseable {
    private final HttpServer http;
    private final KeyPair key;
    private final String token;

    final AtomicInteger calls = new AtomicInteger();
    volatile int status = 200;

    FakeTokenEndpoint(String token) throws IOException, GeneralSecurityException {
        this.token = token;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        key = generator.generateKeyPair();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        http.createContext("/token", this::answer);
        http.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        String form = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8);
        String body = status == 200 && isSigned(form.substring(form.indexOf("assertion=") + "assertion=".length()))
                ? "{\"access_token\":\"" + token + "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
                : "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT: Token must be a short-lived token and in a"
                        + " reasonable timeframe. Check your iat and exp values. " + Refusal.CANARY + "\"}";
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length());
        try (exchange) {
            exchange.getResponseBody().write(body.getBytes(UTF_8));
        }
    }

    private boolean isSigned(String assertion) {
        try {
            int dot = assertion.lastIndexOf('.');
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key.getPublic());
            signature.update(assertion.substring(0, dot).getBytes(UTF_8));
            return signature.verify(Base64.getUrlDecoder().decode(assertion.substring(dot + 1)));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A credentials file, as Google Cloud writes one for a service account. */
    Path writeCredentials(Path file) throws IOException {
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(key.getPrivate().getEncoded()) + "\\n-----END PRIVATE KEY-----\\n";
        return Files.writeString(
                file,
                "{\"type\":\"service_account\",\"project_id\":\"shop\",\"private_key_id\":\"1\",\"private_key\":\"" + pem
                        + "\",\"client_email\":\"api@shop.example\",\"client_id\":\"1\",\"token_uri\":\"http://127.0.0.1:"
                        + http.getAddress().getPort() + "/token\"}");
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
