// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.kms.Refusal;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client is as a Tink KmsClient, beyond what each of them is. */
final class AzureKmsTest extends KeyVaultTest {
    @Test
    void wrapsWithThePublicKeyAndUnwrapsByTheVault() throws Exception {
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = kek.encrypt("keyset".getBytes(UTF_8), DATA);
        assertThat(server.calls).containsExactly(GET);
        assertThat(kek.decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
        assertThat(server.calls).containsExactly(GET, UNWRAP);
    }

    @ParameterizedTest
    @CsvSource({"opens-rsa-2048, 256", "opens-rsa-4096, 512"})
    void theWrappedBytesAreThoseOfTheSpecification(String keyOf, int rsaBytes) throws Exception {
        server.key(KEY, Vector.named(keyOf).key());
        byte[] wrapped = kms.getAead(KEK).encrypt("keyset".getBytes(UTF_8), DATA);
        assertThat(wrapped)
                .startsWith((byte) (rsaBytes >> 8), (byte) rsaBytes)
                .hasSize(2 + rsaBytes + 12 + "keyset".length() + 16);
        assertThat(kms.getAead(KEK).decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
        assertThat(kms.getAead(KEK).encrypt("keyset".getBytes(UTF_8), DATA)).isNotEqualTo(wrapped);
    }

    @Test
    void anotherVersionOfTheKeyRefusesIt() throws Exception {
        String later = "payments-api/ffffffffffffffffffffffffffffffff";
        server.key(later, 2048);
        byte[] wrapped = kms.getAead(KEK).encrypt("keyset".getBytes(UTF_8), DATA);
        Aead other = kms.getAead("azure-kv://" + FakeKeyVault.VAULT + "/keys/" + later);
        Refusal.of(AUTHENTICATION, () -> other.decrypt(wrapped, DATA));
        assertThat(kms.getAead(KEK).decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
    }

    @Test
    void openingNeedsTheRightToUnwrapOnlyAndSealingTheRightToReadOnly() throws Exception {
        server.grant("opener", FakeKeyVault.UNWRAP).grant("sealer", FakeKeyVault.READ);
        try (AzureKms opener = client("opener").build();
                AzureKms sealer = client("sealer").build()) {
            byte[] wrapped = sealer.getAead(KEK).encrypt("keyset".getBytes(UTF_8), DATA);
            assertThat(opener.getAead(KEK).decrypt(wrapped, DATA)).isEqualTo("keyset".getBytes(UTF_8));
            assertThat(Refusal.of(KMS_DENIED, () -> sealer.getAead(KEK).decrypt(wrapped, DATA))
                            .detail())
                    .contains(FakeKeyVault.UNWRAP, "podseal print policy", KEY, "HTTP 403", FakeKeyVault.REQUEST_ID);
            assertThat(Refusal.of(KMS_DENIED, () -> opener.getAead(KEK).encrypt(wrapped, DATA))
                            .detail())
                    .contains(FakeKeyVault.READ);
        }
    }

    @Test
    void aDisabledKeyIsDenied() throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt("keyset".getBytes(UTF_8), DATA);
        server.disable(KEY);
        assertThat(Refusal.of(KMS_DENIED, () -> kms.getAead(KEK).decrypt(wrapped, DATA))
                        .detail())
                .contains("the key is enabled");
        Refusal.of(KMS_DENIED, () -> kms.getAead(KEK).encrypt(wrapped, DATA));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/1",
                "azure-kv:/" + FakeKeyVault.VAULT + "/keys/" + KEY,
                "azure-kv://" + FakeKeyVault.VAULT + "/keys/payments-api",
                "azure-kv://" + FakeKeyVault.VAULT + "/keys/payments-api/",
                "azure-kv://" + FakeKeyVault.VAULT + "/secrets/" + KEY,
                "azure-kv://" + FakeKeyVault.VAULT + "/keys/" + KEY + "?x=y",
                "azure-kv://user@" + FakeKeyVault.VAULT + "/keys/" + KEY,
                "azure-kv://"
            })
    void anotherUriIsRefusedWithoutACall(String uri) {
        Refusal.of(CONFIGURATION, () -> kms.getAead(uri));
        assertThat(server.proxy().asked).isEmpty();
    }

    @Test
    void itTakesNoCredentialsOfOthers() throws Exception {
        assertThat(kms.withDefaultCredentials()).isSameAs(kms);
        assertThat(kms.withCredentials("/nowhere")).isSameAs(kms);
    }

    @Test
    void makingItAndAnAeadNeedsNeitherNetworkNorCredentials() {
        AzureKms unreachable = AzureKms.builder()
                .proxy(InetSocketAddress.createUnresolved("127.0.0.1", 1))
                .credentials(request -> {
                    throw new AssertionError("asked for credentials");
                })
                .build();
        assertThat(unreachable.getAead(KEK)).isNotNull();
        unreachable.close();
    }

    @Test
    void afterClosingNothingIsAsked() throws Exception {
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = kek.encrypt("keyset".getBytes(UTF_8), DATA);
        kms.close();
        kms.close();
        Refusal.of(KMS_UNAVAILABLE, () -> kek.decrypt(wrapped, DATA));
        assertThat(server.calls).containsExactly(GET);
    }
}
