// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts to Vault's API: HTTP/1.1, no proxy, no redirects, no retries, an answer of limited size within a limited time. The
 * client is made at the first call.
 */
final class VaultHttp implements AutoCloseable {
    /** A keyset document has 64 KiB, and base64 makes a third more of its keyset. */
    private static final int MAX_ANSWER_BYTES = 256 * 1024;

    private final @Nullable HttpClient given;
    private final @Nullable Path caFile;
    private final @Nullable String namespace;
    private final Duration connectTimeout;
    private final Duration callTimeout;
    private @Nullable HttpClient made;
    private volatile boolean closed;

    VaultHttp(VaultKms.Builder options) {
        this.given = options.httpClient;
        this.caFile = options.caFile;
        this.namespace = options.namespace;
        this.connectTimeout = options.connectTimeout;
        this.callTimeout = options.callTimeout;
    }

    /**
     * Posts JSON.
     *
     * @param token or null to log in
     * @throws PodsealException {@code KMS_UNAVAILABLE} where no answer came, and after {@link #close}
     */
    VaultAnswer post(URI url, byte[] json, @Nullable String token) {
        if (closed) {
            throw ErrorCode.KMS_UNAVAILABLE.because("this client of Vault was closed");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("X-Vault-Request", "true")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        if (token != null) {
            request.header("X-Vault-Token", token);
        }
        if (namespace != null) {
            request.header("X-Vault-Namespace", namespace);
        }
        CompletableFuture<HttpResponse<byte[]>> call =
                client().sendAsync(request.build(), head -> new CappedBody(MAX_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> answer = call.get(callTimeout.toNanos(), TimeUnit.NANOSECONDS);
            return new VaultAnswer(answer.statusCode(), answer.body());
        } catch (ExecutionException e) {
            throw unanswered(url, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unanswered(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(url, e);
        } finally {
            call.cancel(true); // ends a call that is under way, and does nothing to one that has ended
        }
    }

    private PodsealException unanswered(URI url, Throwable failure) {
        String next = "check that it runs and can be reached from here (podseal.kms.vault.endpoint)";
        if (failure instanceof SSLException) {
            next =
                    "check its certificate against podseal.kms.vault.ca-file, and the name in the URL against the certificate";
            drop(); // the file may have been renewed
        } else if (failure instanceof TimeoutException) {
            next = "it took longer than podseal.kms.vault.call-timeout";
        } else if (failure instanceof CappedBody.TooLongException) {
            next = "its answer is longer than " + MAX_ANSWER_BYTES + " bytes: this is not Vault's API";
        }
        return ErrorCode.KMS_UNAVAILABLE.because("no answer of Vault at " + url.getScheme() + "://" + url.getAuthority()
                + " (" + failure.getClass().getName() + "); " + next);
    }

    private synchronized HttpClient client() {
        if (given != null) {
            return given;
        }
        HttpClient client = made;
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(connectTimeout);
            if (caFile != null) {
                builder.sslContext(trusting(caFile));
            }
            client = builder.build();
            made = client;
        }
        return client;
    }

    private static SSLContext trusting(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
            if (trusted.size() == 0) {
                throw new GeneralSecurityException("no certificate");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw ErrorCode.CONFIGURATION.because("podseal.kms.vault.ca-file: " + file
                    + " cannot be read as certificates in PEM (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Its threads and connections end when it is collected. */
    private synchronized void drop() {
        made = null;
    }

    /** Posts nothing any more. */
    @Override
    public void close() {
        closed = true;
        drop();
    }
}
