// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static io.podseal.ErrorCode.SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.kms.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client is as a Tink KmsClient, beyond what each of them is. */
final class GcpKmsTest extends CloudKmsTest {
    @Test
    void wrapsAndUnwrapsWithOneCallEach() throws Exception {
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = kek.encrypt("keyset".getBytes(UTF_8), DATA);
        assertThat(kek.decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
        assertThat(server.calls).containsExactly("Encrypt " + KEY, "Decrypt " + KEY);
    }

    @Test
    void everyAlteredByteIsRefused() throws Exception {
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = kek.encrypt("k".getBytes(UTF_8), DATA);
        for (int i = 0; i < wrapped.length; i++) {
            byte[] altered = wrapped.clone();
            altered[i] ^= 0x40;
            Refusal.of(AUTHENTICATION, () -> kek.decrypt(altered, DATA));
        }
    }

    @Test
    void anEarlierVersionOpensUntilItIsDisabled() throws Exception {
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = kek.encrypt("keyset".getBytes(UTF_8), DATA);
        server.rotate(KEY);
        assertThat(kek.decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
        server.disable(KEY, 1);
        assertThat(Refusal.of(KMS_DENIED, () -> kek.decrypt(wrapped, DATA)).detail())
                .contains("no enabled key version");
        assertThat(kek.decrypt(kek.encrypt("keyset".getBytes(UTF_8), DATA), DATA))
                .isEqualTo("keyset".getBytes(UTF_8));
    }

    @Test
    void openingNeedsTheRightToDecryptOnly() throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt("keyset".getBytes(UTF_8), DATA);
        server.grant("opener", FakeCloudKms.USE_TO_DECRYPT, KEY);
        try (GcpKms opener = client("opener").build()) {
            assertThat(opener.getAead(KEK).decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
            assertThat(Refusal.of(KMS_DENIED, () -> opener.getAead(KEK).encrypt(wrapped, DATA))
                            .detail())
                    .contains("cloudkms.cryptoKeyVersions.useToEncrypt", "roles/cloudkms.cryptoKeyEncrypter", KEY);
        }
    }

    @Test
    void aKeysetThatIsTooLargeIsRefusedWithoutACall() {
        Refusal.of(SIZE, () -> kms.getAead(KEK).encrypt(new byte[64 * 1024 + 1], DATA));
        assertThat(server.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/1",
                "local-kms:/kek",
                "gcp-kms:/" + KEY,
                "gcp-kms://" + KEY + "/cryptoKeyVersions/1",
                "gcp-kms://" + KEY + "?x=y",
                "gcp-kms://user@" + KEY,
                "gcp-kms://projects/shop/keyRings/podseal/cryptoKeys/payments-api",
                "gcp-kms://"
            })
    void anotherUriIsRefusedWithoutACall(String uri) {
        Refusal.of(CONFIGURATION, () -> kms.getAead(uri));
        assertThat(server.calls).isEmpty();
    }

    @Test
    void itTakesNoCredentialsOfOthers() throws Exception {
        assertThat(kms.withDefaultCredentials()).isSameAs(kms);
        assertThat(kms.withCredentials("/nowhere")).isSameAs(kms);
    }

    @Test
    void makingItAndAnAeadNeedsNeitherNetworkNorCredentials() {
        GcpKms unreachable = GcpKms.builder()
                .endpoint("127.0.0.1:1")
                .credentials(() -> {
                    throw new AssertionError("asked for credentials");
                })
                .build();
        assertThat(unreachable.getAead(KEK)).isNotNull();
        unreachable.close();
    }

    @Test
    void afterClosingNothingIsAsked() {
        Aead kek = kms.getAead(KEK);
        kms.close();
        kms.close();
        Refusal.of(KMS_UNAVAILABLE, () -> kek.decrypt(new byte[40], DATA));
        assertThat(server.calls).isEmpty();
    }

    @Test
    void afterClosingAnOpenConnectionNothingIsAsked() throws Exception {
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = kek.encrypt("keyset".getBytes(UTF_8), DATA);
        kms.close();
        Refusal.of(KMS_UNAVAILABLE, () -> kek.decrypt(wrapped, DATA));
        assertThat(server.calls).containsExactly("Encrypt " + KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cloudkms.googleapis.com", "https://cloudkms.googleapis.com", "a/b:443", "a:b"})
    void aMalformedEndpointIsRefused(String text) {
        assertThat(Refusal.of(CONFIGURATION, () -> GcpKms.builder().endpoint(text))
                        .detail())
                .contains("podseal.kms.gcp.endpoint", "cloudkms.googleapis.com:443");
    }

    @Test
    void itsTextHasTheEndpointAlone() {
        assertThat(client(TOKEN).callTimeout(Duration.ofSeconds(1)).build())
                .hasToString("GcpKms[" + server.endpoint() + "]");
    }
}
