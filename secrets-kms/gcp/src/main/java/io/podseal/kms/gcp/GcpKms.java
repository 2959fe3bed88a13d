// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.kms.v1.KeyManagementServiceClient;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The KMS of {@code gcp-kms://projects/*}{@code /locations/*}{@code /keyRings/*}{@code /cryptoKeys/*}. Connects at the
 * first call, retries nothing, and throws {@link io.podseal.PodsealException} with the code of what Google Cloud KMS
 * answered. Thread-safe; closing it closes the connection.
 */
public final class GcpKms implements KmsClient, AutoCloseable {
    private static final String SCHEME = "gcp-kms://";

    private final Builder setup;
    private @Nullable KeyManagementServiceClient client;
    private boolean closed;

    private GcpKms(Builder setup) {
        this.setup = setup;
    }

    /** A builder with the application default credentials and the public endpoint. */
    public static Builder builder() {
        return new Builder();
    }

    /** The client that {@code podseal.kms.gcp.*} describes. */
    public static GcpKms of(Settings settings) {
        Builder builder = builder()
                .connectTimeout(settings.duration(Setting.GCP_CONNECT_TIMEOUT))
                .callTimeout(settings.duration(Setting.GCP_CALL_TIMEOUT));
        settings.find(Setting.GCP_ENDPOINT).ifPresent(builder::endpoint);
        settings.find(Setting.GCP_PROXY).ifPresent(builder::proxy);
        settings.findPath(Setting.GCP_CREDENTIALS_FILE)
                .ifPresent(file -> builder.credentials(() -> {
                    try (InputStream json = Files.newInputStream(file)) {
                        return GoogleCredentials.fromStream(json)
                                .createScoped(KeyManagementServiceSettings.getDefaultServiceScopes());
                    }
                }));
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

    /** An AEAD that asks Google Cloud KMS once at every call. */
    @Override
    public Aead getAead(String keyUri) {
        if (!doesSupport(keyUri)) {
            throw ErrorCode.CONFIGURATION.because("this client serves " + SCHEME + " KEKs only");
        }
        KekUri.requireWellFormed(keyUri);
        return new GcpKek(this::client, keyUri.substring(SCHEME.length()));
    }

    private synchronized KeyManagementServiceClient client() throws IOException {
        if (closed) {
            throw ErrorCode.KMS_UNAVAILABLE.because("this client of Google Cloud KMS was closed");
        }
        if (client == null) {
            KeyManagementServiceSettings.Builder settings = KeyManagementServiceSettings.newBuilder()
                    .setEndpoint(setup.endpoint)
                    .setCredentialsProvider(() -> unretried(setup.credentials.getCredentials()))
                    .setTransportChannelProvider(setup.channel != null ? setup.channel : setup.wire.channel());
            settings.encryptSettings().setSimpleTimeoutNoRetriesDuration(setup.callTimeout);
            settings.decryptSettings().setSimpleTimeoutNoRetriesDuration(setup.callTimeout);
            client = KeyManagementServiceClient.create(settings.build());
        }
        return client;
    }

    /** By themselves they would ask for a token four times. */
    private static Credentials unretried(Credentials credentials) {
        return credentials instanceof GoogleCredentials google
                ? google.createWithCustomRetryStrategy(false)
                : credentials;
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
        return "GcpKms[" + setup.endpoint + "]";
    }

    /** Collects how to reach Google Cloud KMS. Not thread-safe. */
    public static final class Builder {
        private static final Pattern HOST_AND_PORT = Pattern.compile("([-.A-Za-z0-9]+|\\[[:.0-9A-Fa-f]+]):[0-9]{1,5}");

        private static final String HTTP = "http://";

        private String endpoint = "cloudkms.googleapis.com:443";
        private CredentialsProvider credentials =
                KeyManagementServiceSettings.defaultCredentialsProviderBuilder().build();
        private Duration callTimeout = Duration.ofSeconds(10);
        private Wire wire = new Wire(Duration.ofSeconds(2), null);
        private @Nullable TransportChannelProvider channel;

        private Builder() {}

        /** The host and port, always under TLS. */
        public Builder endpoint(String hostAndPort) {
            endpoint = checked(Setting.GCP_ENDPOINT, hostAndPort);
            return this;
        }

        /** Where credentials come from; asked at the first call, not here. */
        public Builder credentials(CredentialsProvider provider) {
            credentials = provider;
            return this;
        }

        /** How long connecting may take. */
        public Builder connectTimeout(Duration timeout) {
            wire = new Wire(timeout, wire.proxy());
            return this;
        }

        /** How long a call may take, connecting included. */
        public Builder callTimeout(Duration timeout) {
            callTimeout = timeout;
            return this;
        }

        /** An HTTP proxy, as {@code http://<host>:<port>}; none by default, whatever the environment says. */
        public Builder proxy(String url) {
            String hostAndPort = url.startsWith(HTTP) ? url.substring(HTTP.length()) : "";
            wire = new Wire(wire.connectTimeout(), checked(Setting.GCP_PROXY, hostAndPort));
            return this;
        }

        /** A channel of the caller's own; then connect time-out and proxy are the caller's too. */
        public Builder channel(TransportChannelProvider provider) {
            channel = provider;
            return this;
        }

        /** The client; it does not connect yet. */
        public GcpKms build() {
            return new GcpKms(this);
        }

        private static String checked(Setting setting, String hostAndPort) {
            if (!HOST_AND_PORT.matcher(hostAndPort).matches()) {
                throw ErrorCode.CONFIGURATION.because(
                        "malformed " + setting.fullName() + "; write it as " + setting.example());
            }
            return hostAndPort;
        }
    }
}
