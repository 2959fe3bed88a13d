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
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The KMS of {@code azure-kv://<vault-host>/keys/<name>/<version>}. Connects at the first call, retries nothing, and throws
 * {@link io.podseal.PodsealException} with the code of what Azure Key Vault answered. Thread-safe.
 */
public final class AzureKms implements KmsClient, AutoCloseable {
    private static final String SCHEME = "azure-kv://";
    private static final Pattern PROXY = Pattern.compile("http://([-.A-Za-z0-9]+|\\[[:.0-9A-Fa-f]+]):([0-9]{1,5})");

    private final Builder setup;
    private @Nullable CryptographyClientBuilder client;
    private boolean closed;

    private AzureKms(Builder setup) {
        this.setup = setup;
    }

    /** A builder with the SDK's own chain of credentials, Workload Identity among them. */
    public static Builder builder() {
        return new Builder();
    }

    /** The client that {@code podseal.kms.azure.*} describes. */
    public static AzureKms of(Settings settings) {
        Builder builder = builder()
                .connectTimeout(settings.duration(Setting.AZURE_CONNECT_TIMEOUT))
                .callTimeout(settings.duration(Setting.AZURE_CALL_TIMEOUT));
        settings.find(Setting.AZURE_TENANT_ID).ifPresent(builder::tenantId);
        settings.find(Setting.AZURE_CLIENT_ID).ifPresent(builder::clientId);
        settings.findPath(Setting.AZURE_TOKEN_FILE).ifPresent(builder::tokenFile);
        settings.find(Setting.AZURE_PROXY).ifPresent(builder::proxy);
        return builder.build();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith(SCHEME);
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
        if (!doesSupport(keyUri)) {
            throw ErrorCode.CONFIGURATION.because("this client serves " + SCHEME + " KEKs only");
        }
        KekUri.requireWellFormed(keyUri);
        String keyId = "https://" + keyUri.substring(SCHEME.length());
        return new AzureKek(() -> client(keyId), keyId);
    }

    private synchronized CryptographyClient client(String keyId) {
        if (closed) {
            throw ErrorCode.KMS_UNAVAILABLE.because("this client of Azure Key Vault was closed");
        }
        if (client == null) {
            HttpClient http = setup.http != null ? setup.http : setup.jdkHttp();
            client = new CryptographyClientBuilder()
                    .httpClient(http)
                    .credential(setup.credentials != null ? setup.credentials : setup.login.credentials(http))
                    .configuration(Configuration.NONE)
                    .httpLogOptions(Login.silent())
                    .retryOptions(Login.once())
                    .disableKeyCaching();
        }
        return client.keyIdentifier(keyId).buildClient();
    }

    /** Lets go of the connection; nothing is asked any more. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        client = null;
    }

    @Override
    public String toString() {
        return "AzureKms";
    }

    /** Collects how to reach Azure Key Vault. Not thread-safe. */
    public static final class Builder {
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration callTimeout = Duration.ofSeconds(10);
        private Login login = new Login(null, null, null);
        private @Nullable TokenCredential credentials;
        private ProxySelector proxy = java.net.http.HttpClient.Builder.NO_PROXY;
        private @Nullable HttpClient http;

        private Builder() {}

        /** The tenant to log in to; by default what Workload Identity puts into the environment. */
        public Builder tenantId(String id) {
            login = new Login(id, login.clientId(), login.tokenFile());
            return this;
        }

        /** The client to log in as; by default what Workload Identity puts into the environment. */
        public Builder clientId(String id) {
            login = new Login(login.tenantId(), id, login.tokenFile());
            return this;
        }

        /** The federated token to log in with, by Workload Identity and nothing else; read again at each login. */
        public Builder tokenFile(Path file) {
            login = new Login(login.tenantId(), login.clientId(), file);
            return this;
        }

        /** Credentials of the caller's own; then tenant, client and token file are the caller's too. */
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

        /** An HTTP proxy, as {@code http://<host>:<port>}; none by default, whatever the environment says. */
        public Builder proxy(String url) {
            Matcher matcher = PROXY.matcher(url);
            if (!matcher.matches()) {
                throw ErrorCode.CONFIGURATION.because("malformed " + Setting.AZURE_PROXY.fullName() + "; write it as "
                        + Setting.AZURE_PROXY.example());
            }
            proxy = ProxySelector.of(
                    InetSocketAddress.createUnresolved(matcher.group(1), Integer.parseInt(matcher.group(2))));
            return this;
        }

        /** An HTTP client of the caller's own; then time-outs and proxy are the caller's too. */
        public Builder httpClient(HttpClient client) {
            http = client;
            return this;
        }

        /** The client; it does not connect yet. */
        public AzureKms build() {
            return new AzureKms(this);
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
