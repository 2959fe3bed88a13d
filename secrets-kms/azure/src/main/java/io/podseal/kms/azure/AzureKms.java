// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Configuration;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The KMS of {@code azure-kv://<vault-host>/keys/<name>/<version>}. Connects at the first call, retries nothing, and throws
 * {@link io.podseal.PodsealException} with the code of what Azure Key Vault answered. Thread-safe.
 */
public final class AzureKms implements KmsClient, AutoCloseable {
    private final HttpClient http;
    private final TokenCredential credentials;
    private volatile boolean closed;

    private AzureKms(HttpClient http, TokenCredential credentials) {
        this.http = http;
        this.credentials = credentials;
    }

    /** A builder with the SDK's own chain of credentials, Workload Identity among them. */
    public static Builder builder() {
        return new Builder();
    }

    /** The client that {@code podseal.kms.azure.*} describes. */
    public static AzureKms of(Settings settings) {
        Builder builder = builder()
                .connectTimeout(settings.timeout(Setting.AZURE_CONNECT_TIMEOUT))
                .callTimeout(settings.timeout(Setting.AZURE_CALL_TIMEOUT));
        settings.findProxy(Setting.AZURE_PROXY).ifPresent(builder::proxy);
        return builder.login(new Login(
                        settings.find(Setting.AZURE_TENANT_ID).orElse(null),
                        settings.find(Setting.AZURE_CLIENT_ID).orElse(null),
                        settings.findPath(Setting.AZURE_TOKEN_FILE).orElse(null)))
                .build();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return KekUri.AZURE.serves(keyUri);
    }

    /** This client: credentials are the builder's alone. */
    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    /** This client: credentials are the builder's alone. */
    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    /** An AEAD that asks the vault for the public key when it wraps, and to unwrap once at every unwrapping. */
    @Override
    public Aead getAead(String keyUri) {
        String keyId = "https://" + KekUri.AZURE.rest(keyUri);
        return new AzureKek(() -> client(keyId), keyId);
    }

    private CryptographyClient client(String keyId) {
        if (closed) {
            throw ErrorCode.KMS_UNAVAILABLE.because("this client of Azure Key Vault was closed");
        }
        return new CryptographyClientBuilder()
                .httpClient(http)
                .credential(credentials)
                .configuration(Configuration.NONE)
                .httpLogOptions(Login.silent())
                .retryOptions(Login.once())
                .disableKeyCaching()
                .keyIdentifier(keyId)
                .buildClient();
    }

    /** Nothing is asked any more; connections end when they idle. Idempotent. */
    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "AzureKms";
    }

    /** Collects how to reach Azure Key Vault. Not thread-safe. */
    public static final class Builder {
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration callTimeout = Duration.ofSeconds(10);
        private ProxySelector proxy = java.net.http.HttpClient.Builder.NO_PROXY;
        private Login login = new Login(null, null, null);
        private @Nullable TokenCredential credentials;
        private @Nullable HttpClient http;

        private Builder() {}

        Builder login(Login to) {
            login = to;
            credentials = null;
            return this;
        }

        /** Credentials of the caller's own; then how they log in is the caller's too. */
        public Builder credentials(TokenCredential credential) {
            credentials = credential;
            return this;
        }

        /** How long connecting may take. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** How long an answer, and then its body, may take, connecting included. */
        public Builder callTimeout(Duration timeout) {
            callTimeout = timeout;
            return this;
        }

        /** An HTTP proxy, also for the login; none by default, whatever the environment says. */
        public Builder proxy(InetSocketAddress address) {
            proxy = ProxySelector.of(address);
            return this;
        }

        /** An HTTP client of the caller's own; then proxy and time-outs, but for that of a body, are the caller's too. */
        public Builder httpClient(HttpClient client) {
            http = client;
            return this;
        }

        /** The client; it does not connect yet. */
        public AzureKms build() {
            HttpClient limited = new AnswerLimit(http != null ? http : jdkHttp(), callTimeout);
            return new AzureKms(limited, credentials != null ? credentials : login.credentials(limited));
        }

        private HttpClient jdkHttp() {
            return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder()
                            .proxy(proxy)
                            .followRedirects(java.net.http.HttpClient.Redirect.NEVER))
                    .configuration(Configuration.NONE)
                    .connectionTimeout(connectTimeout)
                    .responseTimeout(callTimeout)
                    .readTimeout(callTimeout)
                    .build();
        }
    }
}
