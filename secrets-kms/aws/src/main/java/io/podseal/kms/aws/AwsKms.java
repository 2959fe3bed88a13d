// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * The KMS of {@code aws-kms://<key ARN>}: AWS KMS in the region of the ARN. Namespace, name and trust domain of the account are
 * the ciphertext's encryption context, which policies of AWS can compare (specification, section 5); with
 * {@code ?context=tink} it is what stock Tink clients use. Nothing is asked before a key is used; each use of a key is one call,
 * which is made again only where AWS refused this machine's clock. Thread-safe.
 */
public final class AwsKms implements KmsClient, AutoCloseable {
    private final Connection connection;
    private final Map<String, KmsRegion> regions = new HashMap<>();
    private boolean closed;

    private AwsKms(Connection connection) {
        this.connection = connection;
    }

    /** A builder with the defaults of {@code podseal.kms.aws.*}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * From {@code podseal.kms.aws.*}, with the credentials of the SDK's default chain.
     *
     * @throws PodsealException {@code CONFIGURATION} for a wrong setting
     */
    public static AwsKms of(Settings settings) {
        Builder builder = builder()
                .fips(settings.find(Setting.AWS_FIPS).equals(Optional.of("true")))
                .connectTimeout(settings.timeout(Setting.AWS_CONNECT_TIMEOUT))
                .callTimeout(settings.timeout(Setting.AWS_CALL_TIMEOUT));
        settings.find(Setting.AWS_ENDPOINT).ifPresent(builder::endpoint);
        settings.find(Setting.AWS_PROXY).ifPresent(builder::proxy);
        settings.find(Setting.AWS_STS_ENDPOINT).ifPresent(builder::stsEndpoint);
        settings.find(Setting.AWS_REGION).ifPresent(builder::stsRegion);
        return builder.build();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith(AwsKek.SCHEME);
    }

    /** This client: credentials are given to the builder. */
    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    /** This client: the SDK's default chain is the builder's default. */
    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    /**
     * The key as an AEAD, whose operations throw {@link PodsealException}.
     *
     * @throws PodsealException {@code CONFIGURATION} for another scheme or a malformed URI
     */
    @Override
    public Aead getAead(String keyUri) {
        AwsKek kek = AwsKek.parse(keyUri);
        return new AwsAead(kek, () -> region(kek.region()));
    }

    /** Under the lock of {@link #close()}, after which a call that was given up would open what nobody closes. */
    private synchronized KmsRegion region(String name) {
        if (closed) {
            throw ErrorCode.KMS_UNAVAILABLE.because("this client of AWS KMS was closed");
        }
        return regions.computeIfAbsent(name, absent -> KmsRegion.of(absent, connection));
    }

    /** Closes the SDK's clients, and the credentials unless they were given. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        regions.values().forEach(KmsRegion::close);
    }

    /** Collects what a client is made of. Not thread-safe. */
    public static final class Builder {
        private static final String REGION = "[a-z]+(-[a-z0-9]+)+";

        private @Nullable String endpoint;
        private @Nullable String stsEndpoint;
        private @Nullable String stsRegion;
        private @Nullable String proxy;
        private @Nullable AwsCredentialsProvider credentials;
        private @Nullable SdkHttpClient httpClient;
        private boolean fips;
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration callTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /** The URL of AWS KMS for all regions, with https unless it is on this machine; by default AWS's own of the region. */
        public Builder endpoint(String url) {
            endpoint = url;
            return this;
        }

        /** The URL of AWS STS, which is asked for a role where the pod has a web identity token (IRSA). */
        public Builder stsEndpoint(String url) {
            stsEndpoint = url;
            return this;
        }

        /** The region of AWS STS; by default that of the key. */
        public Builder stsRegion(String region) {
            stsRegion = region;
            return this;
        }

        /** Whether to use the FIPS endpoint of AWS KMS. */
        public Builder fips(boolean use) {
            fips = use;
            return this;
        }

        /** The HTTP proxy, as {@code http://<host>:<port>}; none by default, whatever the environment says. */
        public Builder proxy(String url) {
            proxy = url;
            return this;
        }

        /** How long connecting may take; 2 seconds by default. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** How long one call may take, connecting included; 10 seconds by default. */
        public Builder callTimeout(Duration timeout) {
            callTimeout = timeout;
            return this;
        }

        /** Credentials instead of the SDK's default chain; they are not closed with the client. */
        public Builder credentials(AwsCredentialsProvider provider) {
            credentials = provider;
            return this;
        }

        /** An HTTP client instead of the JDK's; proxy and time-out of connecting are then its own. It is not closed. */
        public Builder httpClient(SdkHttpClient client) {
            httpClient = client;
            return this;
        }

        /**
         * The client. Asks nothing.
         *
         * @throws PodsealException {@code CONFIGURATION} for a URL, a region or a time-out that makes no sense
         */
        public AwsKms build() {
            if (!isTimeout(connectTimeout) || !isTimeout(callTimeout)) {
                throw ErrorCode.CONFIGURATION.because("podseal.kms.aws.connect-timeout and podseal.kms.aws.call-timeout"
                        + " are between a millisecond and a day");
            }
            if (stsRegion != null && !stsRegion.matches(REGION)) {
                throw ErrorCode.CONFIGURATION.because(
                        "podseal.kms.aws.region is the name of a region, for example eu-central-1");
            }
            Duration connect = connectTimeout.compareTo(callTimeout) < 0 ? connectTimeout : callTimeout;
            return new AwsKms(new Connection(
                    Url.endpoint("endpoint", endpoint),
                    Url.endpoint("sts-endpoint", stsEndpoint),
                    stsRegion,
                    fips,
                    credentials,
                    httpClient != null ? httpClient : Connection.http(Url.proxy(proxy), connect, callTimeout),
                    callTimeout));
        }

        private static boolean isTimeout(Duration timeout) {
            return timeout.compareTo(Duration.ofMillis(1)) >= 0 && timeout.compareTo(Duration.ofDays(1)) <= 0;
        }
    }
}
