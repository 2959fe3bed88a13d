// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static io.podseal.ErrorCode.SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/** What a client is made of, and what it refuses before anybody is asked. */
final class BuilderTest {
    private static final byte[] ACCOUNT = Workload.associatedData(Workload.API);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://kms.eu-central-1.amazonaws.com",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "ftp://localhost",
                "kms.eu-central-1.amazonaws.com",
                "//kms.eu-central-1.amazonaws.com",
                "https://",
                "https://user:hunter2@localhost",
                "https://localhost?hunter2",
                "https://localhost#hunter2",
                "https://local host/hunter2",
                "https://kms_eu.example.com",
                "https://kms..example.com",
                "https://-kms.example.com",
                "https://kms.example.com:0",
                "https://kms.example.com:65536",
                "https://kms.example.com:99999",
                "http://127.0.0.256",
            })
    void endpointIsAPlaceWithTls(String url) {
        AwsKms.Builder builder = AwsKms.builder().endpoint(url);
        assertThat(Refusal.of(CONFIGURATION, builder::build).detail())
                .contains("podseal.kms.aws.endpoint")
                .doesNotContain("hunter2");
        assertThat(Refusal.of(CONFIGURATION, AwsKms.builder().stsEndpoint(url)::build)
                        .detail())
                .contains("podseal.kms.aws.sts-endpoint")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Frankfurt", "eu central 1", "eu-central-1.example.com/", "eu-central-1@evil"})
    void regionIsTheNameOfOne(String region) {
        assertThat(Refusal.of(CONFIGURATION, AwsKms.builder().stsRegion(region)::build)
                        .detail())
                .contains("podseal.kms.aws.region", "eu-central-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://kms.eu-central-1.amazonaws.com",
                "https://vpce-1.kms.eu-central-1.vpce.amazonaws.com:65535",
                "http://localhost:5000",
                "http://127.0.0.1:5000",
                "http://[::1]:5000"
            })
    void endpointOnThisMachineNeedsNoTls(String url) {
        AskedPlaces http = new AskedPlaces();
        try (AwsKms kms = AwsKms.builder()
                .endpoint(url)
                .stsEndpoint(url)
                .credentials(FakeAws.CREDENTIALS)
                .httpClient(http)
                .build()) {
            Refusal.of(KMS_UNAVAILABLE, () -> kms.getAead(FakeAws.KEK).decrypt(new byte[9], ACCOUNT));
        }
        assertThat(http.asked).containsExactly(URI.create(url + "/"));
    }

    /** Keeps where a call would go, and goes nowhere. */
    private static final class AskedPlaces implements SdkHttpClient {
        private final List<URI> asked = new ArrayList<>();

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            asked.add(request.httpRequest().getUri());
            throw SdkClientException.create("nothing is asked");
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example.com:3128",
                "https://proxy.example.com:3128",
                "http://proxy.example.com",
                "http://proxy_1.example.com:3128",
                "http://proxy..example.com:3128",
                "http://proxy.example.com:0",
                "http://proxy.example.com:99999",
                "http://u:hunter2@proxy.example.com:3128"
            })
    void proxyIsHostAndPort(String url) {
        assertThat(Refusal.of(CONFIGURATION, AwsKms.builder().proxy(url)::build).detail())
                .contains("podseal.kms.aws.proxy")
                .doesNotContain("hunter2");
    }

    @Test
    void timeoutsMakeSense() {
        Refusal.of(CONFIGURATION, AwsKms.builder().callTimeout(Duration.ZERO)::build);
        Refusal.of(CONFIGURATION, AwsKms.builder().connectTimeout(Duration.ofNanos(1))::build);
        for (Duration tooLong : List.of(Duration.ofDays(1).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))) {
            Refusal.of(CONFIGURATION, AwsKms.builder().callTimeout(tooLong)::build);
            assertThat(Refusal.of(CONFIGURATION, AwsKms.builder().connectTimeout(tooLong)::build)
                            .detail())
                    .contains("podseal.kms.aws.connect-timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kms.aws.connect-timeout", "kms.aws.call-timeout"})
    void timeoutsOfTheSettingsMakeSense(String name) {
        for (String value : List.of("0s", "90000s", "9000000000000000s")) {
            Settings settings = Settings.of(
                    Map.of(name, value), Workload::duration, getClass().getClassLoader());
            assertThat(Refusal.of(CONFIGURATION, () -> AwsKms.of(settings)).detail())
                    .contains("podseal." + name, "a millisecond and a day");
        }
    }

    @Test
    void afterClosingNothingIsAskedOrOpened() throws Exception {
        try (Wire wire = Wire.answering(call -> FakeAws.encrypted(FakeAws.ARN, new byte[1]));
                AwsKms kms = AwsKms.builder()
                        .endpoint(wire.url())
                        .credentials(FakeAws.CREDENTIALS)
                        .build()) {
            Aead used = kms.getAead(FakeAws.KEK);
            Aead inAnotherRegion = kms.getAead(FakeAws.KEK.replace("eu-central-1", "eu-west-1"));
            used.encrypt(new byte[9], ACCOUNT);
            kms.close();
            kms.close();
            for (Aead key : List.of(used, inAnotherRegion)) {
                assertThat(Refusal.of(KMS_UNAVAILABLE, () -> key.encrypt(new byte[9], ACCOUNT))
                                .detail())
                        .contains("closed");
            }
            assertThat(wire.operations()).containsExactly("Encrypt");
        }
    }

    @Test
    void settingsAreThoseOfTheBuilder() {
        try (Wire wire = Wire.answering(call -> FakeAws.error(400, "DisabledException", ""));
                AwsKms kms = AwsKms.of(Settings.of(
                        Map.of("kms.aws.proxy", wire.url(), "kms.aws.fips", "true", "kms.aws.call-timeout", "3s"),
                        Workload::duration,
                        getClass().getClassLoader()))) {
            System.setProperty("aws.accessKeyId", "id-" + Refusal.CANARY);
            System.setProperty("aws.secretAccessKey", "key-" + Refusal.CANARY);
            Refusal.of(KMS_UNAVAILABLE, () -> kms.getAead(FakeAws.KEK).decrypt(new byte[9], ACCOUNT));
            assertThat(wire.calls())
                    .extracting(Wire.Call::requestLine)
                    .containsExactly("CONNECT kms-fips.eu-central-1.amazonaws.com:443 HTTP/1.1");
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    @Test
    void limitsOfAwsAreSaidBeforeAnybodyIsAsked() throws Exception {
        try (Wire wire = Wire.answering(call -> FakeAws.encrypted(FakeAws.ARN, new byte[1]));
                AwsKms kms = AwsKms.builder()
                        .endpoint(wire.url())
                        .credentials(FakeAws.CREDENTIALS)
                        .build()) {
            Aead key = kms.getAead(FakeAws.KEK);
            assertThat(Refusal.of(SIZE, () -> key.encrypt(new byte[4097], ACCOUNT))
                            .detail())
                    .contains("4096", "4097", "retire");
            assertThat(Refusal.of(SIZE, () -> key.decrypt(new byte[6145], ACCOUNT))
                            .detail())
                    .contains("6144", "6145");
            Refusal.of(SIZE, () -> key.decrypt(new byte[0], ACCOUNT));
            assertThat(wire.calls()).isEmpty();

            key.encrypt(new byte[4096], ACCOUNT);
            assertThat(wire.operations()).containsExactly("Encrypt");
        }
    }

    @Test
    void credentialsOfTinkAreLeftToTheBuilder() throws Exception {
        try (AwsKms kms = AwsKms.builder().build()) {
            assertThat(kms.withCredentials("/some/file")).isSameAs(kms);
            assertThat(kms.withDefaultCredentials()).isSameAs(kms);
            assertThat(kms.doesSupport(FakeAws.KEK)).isTrue();
            assertThat(kms.doesSupport("gcp-kms://projects/p")).isFalse();
        }
    }
}
