// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Plain requests to an API server, under any identity. */
final class KubernetesApi {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final URI server;
    private final HttpClient http;

    KubernetesApi(URI server, Path caFile) throws IOException {
        this.server = server;
        this.http = HttpClient.newBuilder()
                // Over HTTP/2 the client of JDK 17 reports a refused token as a broken connection.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(DEADLINE)
                .sslContext(trusting(caFile))
                .build();
    }

    HttpResponse<String> send(
            @Nullable String token, String method, String path, @Nullable String contentType, @Nullable String body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(DEADLINE)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the API server", e);
        }
    }

    boolean answers(String token, String path) {
        try {
            return send(token, "GET", path, null, null).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static SSLContext trusting(Path caFile) throws IOException {
        try (InputStream pem = Files.newInputStream(caFile)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("ca" + trusted.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException("not a CA file: " + caFile, e));
        }
    }
}
