// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** How AWS is reached, as the application's own configuration says. */
record Connection(
        @Nullable URI endpoint,
        @Nullable URI stsEndpoint,
        @Nullable String stsRegion,
        boolean fips,
        @Nullable AwsCredentialsProvider credentials,
        SdkHttpClient http,
        Duration callTimeout) {
    /** The JDK's HTTP with no proxy but the given one, whatever environment and system properties say. */
    static SdkHttpClient http(@Nullable URI proxy, Duration connectTimeout, Duration callTimeout) {
        Proxy via = proxy == null
                ? Proxy.NO_PROXY
                : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort()));
        return UrlConnectionHttpClient.create(url -> {
            try {
                HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(via);
                connection.setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()));
                connection.setReadTimeout(Math.toIntExact(callTimeout.toMillis()));
                return connection;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Not by the SDK's rules for endpoints, since those take domains from AWS_PARTITIONS_FILE. */
    static URI endpointOfAws(String service, Region region) {
        return URI.create("https://" + service + "." + region + "."
                + PartitionMetadata.of(region).dnsSuffix());
    }

    /** Closes what an SDK's client takes from environment and profile files by itself, and its retries. */
    <B extends AwsSyncClientBuilder<B, ?> & AwsClientBuilder<B, ?>> B configure(B client, Region region, URI url) {
        return client.region(region)
                .endpointOverride(url)
                .fipsEnabled(false)
                .dualstackEnabled(false)
                .httpClient(http)
                .overrideConfiguration(options -> options.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallTimeout(callTimeout)
                        .addExecutionInterceptor(new AnswerLimit())
                        .defaultProfileFile(ProfileFile.aggregator().build()));
    }
}
