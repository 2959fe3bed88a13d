// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@link KmsClient} for {@code hcvault://} KEKs, keys of Vault's or OpenBao's Transit engine. The associated data goes with
 * each call as {@code associated_data}, and as {@code context}, which a derived key needs and another one ignores. Nothing is
 * read or asked before the first call. Thread-safe.
 */
public final class VaultKms implements KmsClient, AutoCloseable {
    private final @Nullable URI endpoint;
    private final VaultAuth auth;
    private final VaultHttp http;
    private final LongSupplier nanoTime;
    private final Map<URI, VaultSession> sessions = new ConcurrentHashMap<>();

    private VaultKms(Builder options, VaultAuth auth) {
        this.endpoint = options.endpoint;
        this.auth = auth;
        this.http = new VaultHttp(options);
        this.nanoTime = options.nanoTime;
    }

    /**
     * A client made from {@code podseal.kms.vault.*}.
     *
     * @throws PodsealException {@code CONFIGURATION} for a wrong setting, or one that the way to log in needs
     */
    public static VaultKms of(Settings settings) {
        Builder builder = builder()
                .auth(VaultLogins.of(settings))
                .connectTimeout(settings.timeout(Setting.VAULT_CONNECT_TIMEOUT))
                .callTimeout(settings.timeout(Setting.VAULT_CALL_TIMEOUT));
        settings.find(Setting.VAULT_ENDPOINT).ifPresent(builder::endpoint);
        settings.find(Setting.VAULT_NAMESPACE).ifPresent(builder::namespace);
        settings.findPath(Setting.VAULT_CA_FILE).ifPresent(builder::caFile);
        return builder.build();
    }

    /** A builder without a way to log in. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith(VaultUri.SCHEME);
    }

    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    /**
     * An AEAD that asks Vault at every call, and throws {@link PodsealException} with the code of the failure.
     *
     * @throws PodsealException {@code CONFIGURATION} for a URI of another form
     */
    @Override
    public Aead getAead(String keyUri) {
        if (!doesSupport(keyUri)) {
            throw ErrorCode.CONFIGURATION.because("not a hcvault:// KEK; hand in the client of its own scheme");
        }
        VaultUri uri = VaultUri.parse(keyUri);
        return new TransitKey(uri, session(uri));
    }

    private VaultSession session(VaultUri uri) {
        URI server = endpoint;
        if (server == null) {
            String host = "https://" + uri.authority();
            if (!VaultUri.isServer(host)) {
                throw ErrorCode.CONFIGURATION.because("the KEK's host and port '" + uri.authority()
                        + "' cannot be called; correct the URI, or name the server in podseal.kms.vault.endpoint");
            }
            server = URI.create(host);
        }
        return sessions.computeIfAbsent(server, url -> new VaultSession(http, url, auth, nanoTime));
    }

    /** Forgets its logins, and asks nothing any more. A token that is not revoked lives on for its time. */
    @Override
    public void close() {
        http.close();
        sessions.clear();
    }

    /** Collects what a client needs. Not thread-safe. */
    public static final class Builder {
        @Nullable
        URI endpoint;

        @Nullable
        String namespace;

        @Nullable
        Path caFile;

        @Nullable
        HttpClient httpClient;

        Duration connectTimeout = Duration.ofSeconds(2);
        Duration callTimeout = Duration.ofSeconds(10);
        LongSupplier nanoTime = System::nanoTime;
        private @Nullable VaultAuth auth;

        private Builder() {}

        /**
         * The URL of the server, such as {@code https://vault.example.com:8200}; by default the host of the KEK.
         *
         * @throws PodsealException {@code CONFIGURATION} for another form, or {@code http://} to another machine
         */
        public Builder endpoint(String url) {
            String server = url.replaceFirst("/$", "");
            if (!server.matches("https://[^/?#@\\s]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]+)?")
                    || !VaultUri.isServer(server)) {
                throw ErrorCode.CONFIGURATION.because(
                        "podseal.kms.vault.endpoint must be https:// with a host and a port"
                                + " and nothing else, for example " + Setting.VAULT_ENDPOINT.example()
                                + "; http:// is for an agent on this machine (http://127.0.0.1:8100)");
            }
            endpoint = URI.create(server);
            return this;
        }

        /** The namespace, where the server has them. */
        public Builder namespace(String path) {
            if (!path.matches("[!-~]+")) {
                throw ErrorCode.CONFIGURATION.because(
                        "podseal.kms.vault.namespace must be a path of printable characters");
            }
            namespace = path;
            return this;
        }

        /** How to log in. */
        public Builder auth(VaultAuth way) {
            auth = way;
            return this;
        }

        /** The certificates (PEM) that the server's is checked against; by default the JVM's. */
        public Builder caFile(Path pem) {
            caFile = pem;
            return this;
        }

        /** How long connecting may take. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** How long one call may take, connecting included. */
        public Builder callTimeout(Duration timeout) {
            callTimeout = timeout;
            return this;
        }

        /**
         * A client to use instead of one of its own; it decides over connect time-out, trust and proxy, and is not closed.
         *
         * @throws PodsealException {@code CONFIGURATION} for one that follows redirects: it would take the token elsewhere
         */
        public Builder httpClient(HttpClient client) {
            if (client.followRedirects() != HttpClient.Redirect.NEVER) {
                throw ErrorCode.CONFIGURATION.because("an HTTP client for Vault must not follow redirects");
            }
            httpClient = client;
            return this;
        }

        Builder nanoTime(LongSupplier clock) {
            nanoTime = clock;
            return this;
        }

        /**
         * The client.
         *
         * @throws PodsealException {@code CONFIGURATION} where no way to log in is given
         */
        public VaultKms build() {
            if (auth == null) {
                throw ErrorCode.CONFIGURATION.because(
                        "no way to log in to Vault; set podseal.kms.vault.auth and what it needs");
            }
            if (!isWait(connectTimeout) || !isWait(callTimeout)) {
                throw ErrorCode.CONFIGURATION.because(
                        "podseal.kms.vault.connect-timeout and call-timeout must be between a millisecond and a day");
            }
            return new VaultKms(this, auth);
        }

        private static boolean isWait(Duration time) {
            return time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(Duration.ofDays(1)) <= 0;
        }
    }
}
