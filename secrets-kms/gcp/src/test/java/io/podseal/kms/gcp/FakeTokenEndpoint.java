// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.podseal.kms.Refusal;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Not Google's: a token endpoint that checks the assertion of one service account (RFC 7523), the token of a pod (RFC 8693) or
 * the refresh token of a user, and writes the credentials file of each; and the metadata server of a pod under Workload
 * Identity, which gives the same token.
 */
final class FakeTokenEndpoint implements AutoCloseable {
    /** Costly to make, so once for each run. */
    private static final KeyPair KEY = rsa();

    private final HttpServer http;
    private final HttpsServer https;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String token;

    /** In the files of a pod and of a user; what proves who they are. */
    volatile String proof = "proof." + Refusal.CANARY;

    /** What a credentials file may hold. */
    enum Kind {
        SERVICE_ACCOUNT,
        EXTERNAL_ACCOUNT,
        AUTHORIZED_USER
    }

    /** How many tokens were asked for. */
    final AtomicInteger calls = new AtomicInteger();

    /** Another one than 200 is what the token endpoint answers, with a redirection to itself, without TLS. */
    volatile int status = 200;

    /** What an answer of the token endpoint waits for. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    FakeTokenEndpoint(String token) throws IOException, GeneralSecurityException {
        this.token = token;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        http.setExecutor(threads);
        http.createContext("/token", this::tokenFor);
        http.createContext("/", this::metadata);
        http.start();
        https = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(FakeCloudKms.TLS.context()));
        https.setExecutor(threads);
        https.createContext("/token", this::tokenFor);
        https.start();
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the environment variable GCE_METADATA_HOST names it. */
    String address() {
        return "127.0.0.1:" + http.getAddress().getPort();
    }

    private void tokenFor(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        String form = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.getResponseHeaders().set("Location", "http://" + address() + "/token");
        boolean granted = status == 200
                && (form.contains("subject_token=" + proof)
                        || form.contains("refresh_token=" + proof)
                        || isSigned(form.substring(form.indexOf("assertion=") + "assertion=".length())));
        send(exchange, status, granted ? tokenJson() : refusal());
    }

    private void metadata(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Metadata-Flavor", "Google");
        boolean asked = exchange.getRequestURI().getPath().endsWith("/service-accounts/default/token");
        if (asked) {
            calls.incrementAndGet();
        }
        boolean ping = exchange.getRequestURI().getPath().equals("/");
        send(exchange, asked || ping ? 200 : 404, asked ? tokenJson() : Refusal.CANARY);
    }

    private String tokenJson() {
        return "{\"access_token\":\"" + token + "\",\"expires_in\":3600,\"token_type\":\"Bearer\","
                + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}";
    }

    private static String refusal() {
        return "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT: Token must be a short-lived token and in a"
                + " reasonable timeframe. Check your iat and exp values. " + Refusal.CANARY + "\"}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
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
            signature.initVerify(KEY.getPublic());
            signature.update(assertion.substring(0, dot).getBytes(UTF_8));
            return signature.verify(Base64.getUrlDecoder().decode(assertion.substring(dot + 1)));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A credentials file, as Google Cloud writes one for a service account. */
    Path writeCredentials(Path file) throws IOException {
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(KEY.getPrivate().getEncoded()) + "\\n-----END PRIVATE KEY-----\\n";
        return Files.writeString(
                file,
                "{\"type\":\"service_account\",\"project_id\":\"shop\",\"private_key_id\":\"" + Refusal.CANARY
                        + "\",\"private_key\":\"" + pem
                        + "\",\"client_email\":\"" + Refusal.CANARY
                        + "@shop.example\",\"client_id\":\"1\",\"token_uri\":\"http://" + address() + "/token\"}");
    }

    /** The same for others; that of a pod names a file beside it, with the pod's token. */
    Path writeCredentials(Path file, Kind kind) throws IOException {
        String json = switch (kind) {
            case SERVICE_ACCOUNT -> Files.readString(writeCredentials(file));
            case EXTERNAL_ACCOUNT ->
                "{\"type\":\"external_account\",\"audience\":\"//iam.googleapis.com/projects/1/locations/global/"
                        + "workloadIdentityPools/pods/providers/cluster\",\"subject_token_type\":"
                        + "\"urn:ietf:params:oauth:token-type:jwt\",\"token_url\":\"https://127.0.0.1:"
                        + https.getAddress().getPort() + "/token\",\"credential_source\":{\"file\":\""
                        + Files.writeString(file.resolveSibling("pod-token"), proof) + "\"}}";
            case AUTHORIZED_USER ->
                "{\"type\":\"authorized_user\",\"client_id\":\"podseal\",\"client_secret\":\"" + Refusal.CANARY
                        + "\",\"refresh_token\":\"" + proof + "\",\"token_uri\":\"http://" + address()
                        + "/token\"}";
        };
        return Files.writeString(file, json);
    }

    @Override
    public void close() {
        gate.countDown();
        http.stop(0);
        https.stop(0);
        threads.shutdownNow();
    }
}
