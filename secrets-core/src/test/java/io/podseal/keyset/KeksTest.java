// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeksTest {
    private static final String ARN =
            "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

    @ParameterizedTest
    @ValueSource(
            strings = {
                ARN,
                "aws-kms://arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0123456789abcdef",
                ARN + "?context=tink",
                ARN + "?context.team=pay%20ments&context.stage=",
                ARN + "?context.caf%C3%A9=1%2B1%3D2+0&context.Kubernetes-namespace=a",
                "gcp-kms://projects/p/locations/global/keyRings/r/cryptoKeys/k",
                "azure-kv://vault.vault.azure.net/keys/podseal/0123456789abcdef0123456789abcdef",
                "azure-kv://localhost:8443/keys/podseal/1",
                "hcvault://vault.example:8200/transit/keys/podseal",
                "hcvault://vault/a/b/transit/keys/podseal",
                "hcvault://10.0.0.255:65535/transit/keys/podseal",
                "pkcs11:token=podseal;object=kek;slot-id=7",
                "local-kms:/etc/podseal/kek.json",
                "local-kms:/with space/\u00e9",
                "other-kms://anything at all"
            })
    void wellFormedUrisPass(String uri) {
        KekUri.requireWellFormed(uri);
        assertThat(KekUri.of(uri).isPresent()).isEqualTo(!uri.startsWith("other"));
    }

    @Test
    void kekThatNobodyServesSaysWhatWouldServeIt() {
        assertThat(Refusal.of(CONFIGURATION, () -> Keks.builder().kek(ARN).build())
                        .detail())
                .contains("add io.podseal:podseal-kms-aws", "class path");
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> Keks.builder().kek("local-kms:/kek.json").build())
                        .detail())
                .contains("LocalKms");
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> Keks.builder().kek("other-kms://x").build())
                        .detail())
                .contains("its scheme is none of aws-kms://", "local-kms:", "hand in a client");
    }

    /** A client that counts how often it is closed, and fails each time. */
    private static final class ClosedWithAFailure implements KmsClient, AutoCloseable {
        private int closed;

        @Override
        public boolean doesSupport(String keyUri) {
            return false;
        }

        @Override
        public KmsClient withCredentials(String credentialPath) {
            return this;
        }

        @Override
        public KmsClient withDefaultCredentials() {
            return this;
        }

        @Override
        public Aead getAead(String keyUri) {
            throw new IllegalArgumentException(keyUri);
        }

        @Override
        public void close() {
            closed++;
            throw new IllegalStateException("cannot be closed");
        }
    }

    @Test
    void ownedClientsAreClosedThoughOneFailsAndOthersAreLeftOpen() {
        ClosedWithAFailure first = new ClosedWithAFailure();
        ClosedWithAFailure second = new ClosedWithAFailure();
        ClosedWithAFailure others = new ClosedWithAFailure();
        Keks.builder()
                .ownedClient(first)
                .ownedClient(second)
                .client(others)
                .build()
                .close();
        assertThat(first.closed).isEqualTo(1);
        assertThat(second.closed).isEqualTo(1);
        assertThat(others.closed).isZero();
    }

    @Test
    void shownUriIsPrintableAsciiAndMarkedWhereItIsCut() {
        assertThat(KekUri.shown("local-kms:/ ~")).isEqualTo("local-kms:/ ~");
        assertThat(KekUri.shown("x\u001f\u007f\u00e9")).isEqualTo("x<U+001F><U+007F><U+00E9>");
        assertThat(KekUri.shown("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(KekUri.shown("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
    }

    @Test
    void pairsOfTheEncryptionContextAreDecodedInTheirOrder() {
        assertThat(KekUri.encryptionContext(ARN + "?context.caf%C3%A9=1%2B1%3D2+0&context.a=&context.Z=%26"))
                .containsExactly(Map.entry("caf\u00e9", "1+1=2+0"), Map.entry("a", ""), Map.entry("Z", "&"));
        assertThat(KekUri.encryptionContext(ARN)).isEmpty();
        assertThat(KekUri.encryptionContext(ARN + "?context=tink")).isEmpty();
        assertThat(KekUri.encryptionContext("other-kms://anything?context.a=b")).isEmpty();
    }

    @Test
    void malformedUriHasNoEncryptionContext() {
        Refusal.of(CONFIGURATION, () -> KekUri.encryptionContext(ARN + "?context.a=b&context.a=c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:alias/podseal",
                "aws-kms://alias/podseal",
                "aws-kms://arn:aws:s3:eu-central-1:123456789012:key/x",
                "aws-kms://arn:aws:kms:eu-central-1:12345678901:key/x",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?context=hex",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?context=tink&context.a=b",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?endpoint=http://evil",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x#f",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?context.kubernetes-namespace=payments",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?context.a=b&context.kubernetes-service-account=api",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x?context.podseal-trust-domain=",
                ARN + "?context.kubernetes%2Dnamespace=payments",
                ARN + "?context.a=b&context.kubernetes-service%2daccount=api",
                ARN + "?context.podseal-trust-%64omain=",
                ARN + "?context.a=b&context.%61=c",
                ARN + "?context.a=b&context.a=b",
                ARN + "?context.a=%",
                ARN + "?context.a=%4",
                ARN + "?context.%zz=a",
                ARN + "?context.a=%-1",
                ARN + "?context.a=%+1",
                ARN + "?context.a=%\u0661\u0661",
                ARN + "?context.a=%C3",
                ARN + "?context.%ED%A0%80=a",
                "gcp-kms://projects/p/locations/l/keyRings/r",
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
                "gcp-kms://projects//locations/l/keyRings/r/cryptoKeys/k",
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k?x=1",
                "azure-kv://vault.vault.azure.net/keys/podseal",
                "azure-kv://user@vault.vault.azure.net/keys/podseal/1",
                "azure-kv://vault.vault.azure.net/secrets/podseal/1",
                "azure-kv://vault..azure.net/keys/podseal/1",
                "azure-kv://-vault/keys/podseal/1",
                "azure-kv://localhost:99999/keys/podseal/1",
                "hcvault://vault/keys/podseal",
                "hcvault://vault_1/transit/keys/podseal",
                "hcvault://a..b/transit/keys/podseal",
                "hcvault://./transit/keys/podseal",
                "hcvault://10.0.0.256/transit/keys/podseal",
                "hcvault://vault:65536/transit/keys/podseal",
                "hcvault://vault:99999999999/transit/keys/podseal",
                "hcvault://vault/transit/podseal",
                "hcvault://root:token@vault/transit/keys/podseal",
                "hcvault://vault/transit/keys/podseal?namespace=x",
                "pkcs11:",
                "pkcs11:object=kek?pin-value=1234",
                "pkcs11:object=kek?PIN-VALUE=1234",
                "pkcs11:object=kek;pin-source=file:/pin",
                "pkcs11:object=kek?module-path=/lib/evil.so",
                "pkcs11:object=my kek"
            })
    void malformedUrisAreConfiguration(String uri) {
        assertThat(Refusal.of(CONFIGURATION, () -> KekUri.requireWellFormed(uri))
                        .detail())
                .contains("malformed KEK URI");
        Refusal.of(
                CONFIGURATION,
                () -> Keks.builder().kek(uri).client(new FakeKms(uri)).build());
    }

    @Test
    void adapterTakesItsOwnSchemeOnly() {
        String azure = "azure-kv://v.vault.azure.net/keys/k/0";
        assertThat(KekUri.AZURE.rest(azure)).isEqualTo("v.vault.azure.net/keys/k/0");
        assertThat(Refusal.of(CONFIGURATION, () -> KekUri.GCP.rest(azure)).detail())
                .contains("gcp-kms://");
        Refusal.of(CONFIGURATION, () -> KekUri.AZURE.rest("azure-kv://v.vault.azure.net/keys/k"));
    }

    @Test
    void passwordAndPinInAUriAreNotRepeated() {
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> KekUri.requireWellFormed("hcvault://root:s3cret@vault/transit/keys/k"))
                        .detail())
                .contains("//***@vault")
                .doesNotContain("s3cret");
        for (String name : List.of("pin-value", "PIN-VALUE", "pin-source")) {
            assertThat(Refusal.of(
                                    CONFIGURATION,
                                    () -> KekUri.requireWellFormed(
                                            "pkcs11:object=k?" + name + "=s3cret&" + name + "=s3cret"))
                            .detail())
                    .doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x,podseal-kms-aws",
        "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k,podseal-kms-gcp",
        "azure-kv://vault/keys/k/1,podseal-kms-azure",
        "hcvault://vault/transit/keys/k,podseal-kms-vault",
        "pkcs11:object=k,podseal-kms-pkcs11",
        "local-kms:/kek,LocalKms",
        "AWS-KMS://arn:aws:kms:eu-central-1:123456789012:key/x,its scheme is none of",
        "file:/kek,its scheme is none of"
    })
    void kekThatNobodyServesNamesWhatWould(String uri, String remedy) {
        assertThat(Refusal.of(CONFIGURATION, () -> Keks.builder().kek(uri).build())
                        .detail())
                .contains(uri, remedy);
    }

    @Test
    void clientsAreAskedForTheirOwnUrisOnly() {
        FakeKms a = new FakeKms("fake-kms://a");
        FakeKms b = new FakeKms("fake-kms://b");
        Keks keks = Keks.builder()
                .keks(List.of("fake-kms://b", "fake-kms://a", "fake-kms://b"))
                .client(a)
                .client(b)
                .build();
        assertThat(keks.uris()).containsExactly("fake-kms://b", "fake-kms://a");
        assertThat(keks).hasToString("Keks[fake-kms://b, fake-kms://a]");
        Refusal.of(
                CONFIGURATION,
                () -> Keks.builder().kek("fake-kms://c").client(a).client(b).build());
    }

    @Test
    void stockClientIsAskedUnderItsOwnUri() {
        FakeKms stock = new FakeKms(ARN);
        String uri = ARN + "?context=tink";
        Keks keks = Keks.builder().kek(uri).client(uri, stock, ARN).build();
        EncryptedKeyset document = Keysets.wrap(Keysets.create(Accounts.API, KeyType.AES256_GCM), keks);
        assertThat(document.keks()).containsExactly(uri);
        assertThat(Accounts.unwrap(keks, Set.of(), document)).hasSize(1);
        assertThat(stock.calls()).isEqualTo(1);
    }

    @Test
    void onlyAnRsaKeyDoesNotProveWhoWrapped() {
        assertThat(KekUri.provesWrapper("azure-kv://vault/keys/k/1")).isFalse();
        assertThat(KekUri.provesWrapper(ARN)).isTrue();
        assertThat(KekUri.provesWrapper("local-kms:/kek")).isTrue();
    }

    @Test
    void userInfoIsRefusedUnderEveryScheme() {
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> Keks.builder()
                                        .kek("my-kms://root:s3cret@host/key")
                                        .build())
                        .detail())
                .contains("my-kms://***@host")
                .doesNotContain("s3cret");
    }
}
