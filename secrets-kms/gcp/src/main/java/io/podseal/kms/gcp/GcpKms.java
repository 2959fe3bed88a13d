// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.kms.v1.KeyManagementServiceClient;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The KMS of {@code gcp-kms://projects/*}{@code /locations/*}{@code /keyRings/*}{@code /cryptoKeys/*}. Connects at the
 * first call, retries nothing, and throws {@link io.podseal.PodsealException} with the code of what Google Cloud KMS
 * answered. Thread-safe; closing it closes the connection.
 */
public final class GcpKms implements KmsClient, AutoCloseable {
    private final KeyManagementServiceSettings settings;
    private @Nullable KeyManagementServiceClient client;
    private boolean closed;

    private GcpKms(KeyManagementServiceSettings settings) {
        this.settings = settings;
    }

    /** A builder with the application default credentials and the public endpoint. */
    public static Builder builder() {
        return new Builder();
    }

    /** The client that {@code podseal.kms.gcp.*} describes. */
    public static GcpKms of(Settings settings) {
        Builder builder = builder()
                .connectTimeout(settings.timeout(Setting.GCP_CONNECT_TIMEOUT))
                .callTimeout(settings.timeout(Setting.GCP_CALL_TIMEOUT));
        settings.find(Setting.GCP_ENDPOINT).ifPresent(builder::endpoint);
        settings.findProxy(Setting.GCP_PROXY).ifPresent(builder::proxy);
        settings.findPath(Setting.GCP_CREDENTIALS_FILE).ifPresent(builder::credentialsFile);
        return builder.build();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return KekUri.GCP.serves(keyUri);
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

    /** An AEAD that asks Google Cloud KMS once at every call. */
    @Override
    public Aead getAead(String keyUri) {
        return new GcpKek(this::client, KekUri.GCP.rest(keyUri));
    }

    private synchronized KeyManagementServiceClient client() throws IOException {
        if (closed) {
            throw ErrorCode.KMS_UNAVAILABLE.because("this client of Google Cloud KMS was closed");
        }
        if (client == null) {
            client = KeyManagementServiceClient.create(settings);
        }
        return client;
    }

    /** Closes the connection. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }

    @Override
    public String toString() {
        return "GcpKms[" + settings.getEndpoint() + "]";
    }

    /** Collects how to reach Google Cloud KMS. Not thread-safe. */
    public static final class Builder {
        private static final Pattern HOST_AND_PORT = Pattern.compile("([-.A-Za-z0-9]+|\\[[:.0-9A-Fa-f]+]):[0-9]{1,5}");

        private String endpoint = "cloudkms.googleapis.com:443";
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration callTimeout = Duration.ofSeconds(10);
        private @Nullable InetSocketAddress proxy;
        private @Nullable Path credentialsFile;
        private @Nullable CredentialsProvider credentials;
        private @Nullable TransportChannelProvider channel;

        private Builder() {}

        /** The host and port, always under TLS. */
        public Builder endpoint(String hostAndPort) {
            if (!HOST_AND_PORT.matcher(hostAndPort).matches()) {
                throw ErrorCode.CONFIGURATION.because("malformed " + Setting.GCP_ENDPOINT.fullName() + "; write it as "
                        + Setting.GCP_ENDPOINT.example());
            }
            endpoint = hostAndPort;
            return this;
        }

        /** A credentials file (JSON), in place of the application default credentials; read at the first call. */
        public Builder credentialsFile(Path file) {
            credentialsFile = file;
            return this;
        }

        /** Credentials of the caller's own, asked for at the first call; then how they log in is the caller's too. */
        public Builder credentials(CredentialsProvider provider) {
            credentials = provider;
            return this;
        }

        /** How long connecting may take. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** How long a call may take, connecting and the login included. */
        public Builder callTimeout(Duration timeout) {
            callTimeout = timeout;
            return this;
        }

        /** An HTTP proxy, also for the login; none by default, whatever the environment says. */
        public Builder proxy(InetSocketAddress address) {
            proxy = address;
            return this;
        }

        /** A channel of the caller's own; then connect time-out and proxy are the caller's too. */
        public Builder channel(TransportChannelProvider provider) {
            channel = provider;
            return this;
        }

        /** The client; it does not connect yet. */
        public GcpKms build() {
            KeyManagementServiceSettings.Builder settings = KeyManagementServiceSettings.newBuilder()
                    .setEndpoint(endpoint)
                    .setCredentialsProvider(credentials != null ? credentials : new Login(credentialsFile, proxy))
                    .setTransportChannelProvider(channel != null ? channel : new Wire(connectTimeout, proxy).channel());
            settings.encryptSettings().setSimpleTimeoutNoRetriesDuration(callTimeout);
            settings.decryptSettings().setSimpleTimeoutNoRetriesDuration(callTimeout);
            try {
                return new GcpKms(settings.build());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
