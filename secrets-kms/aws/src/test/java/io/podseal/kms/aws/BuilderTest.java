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
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(
            strings = {
                "https://kms.eu-central-1.amazonaws.com",
                "http://localhost:5000",
                "http://127.0.0.1:5000",
                "http://[::1]:5000"
            })
    void endpointOnThisMachineNeedsNoTls(String url) {
        AwsKms.builder().endpoint(url).stsEndpoint(url).build().close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example.com:3128",
                "https://proxy.example.com:3128",
                "http://proxy.example.com",
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
        Refusal.of(CONFIGURATION, AwsKms.builder().callTimeout(Duration.ofDays(400))::build);
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
