// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.podseal.Plaintext;
import io.podseal.Refusal;
import io.podseal.SecretValue;
import io.podseal.testkit.FakeKms;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Making keysets and the steps of a rotation; each leaves the keyset that it was given as it was. */
final class KeysetsTest {
    private final FakeKms a = new FakeKms("fake-kms://a");
    private final FakeKms b = new FakeKms("fake-kms://b");

    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    private static String seal(TrustedKeyset keyset) {
        return keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes()).token();
    }

    private static void opens(TrustedKeyset keyset, String token) {
        try (SecretValue secret = keyset.opener().open(token, Accounts.PASSWORD)) {
            assertThat(secret.revealBytes()).isEqualTo(Plaintext.bytes());
        }
    }

    private static void refuses(TrustedKeyset keyset, String token) {
        Refusal.of(UNKNOWN_KEY, () -> keyset.opener().open(token, Accounts.PASSWORD));
    }

    private static long id(TrustedKeyset keyset, int index) {
        return keyset.keys().get(index).id();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void newKeysetHasOneEnabledPrimaryKey(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        assertThat(keyset.keys()).singleElement().satisfies(key -> {
            assertThat(key.type()).isEqualTo(type);
            assertThat(key.enabled()).isTrue();
            assertThat(key.primary()).isTrue();
        });
        assertThat(keyset.identity()).isEqualTo(Accounts.API);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void rotationHasNoGap(KeyType type) {
        TrustedKeyset one = Keysets.create(Accounts.API, type);
        String old = seal(one);

        TrustedKeyset added = Keysets.add(one);
        assertThat(added.keys()).extracting(KeyInfo::primary).containsExactly(true, false);
        opens(added, old);
        opens(one, seal(added));

        TrustedKeyset promoted = Keysets.promote(added, id(added, 1));
        assertThat(promoted.keys()).extracting(KeyInfo::primary).containsExactly(false, true);
        String fresh = seal(promoted);
        opens(promoted, old);
        opens(added, fresh);
        refuses(one, fresh);

        TrustedKeyset disabled = Keysets.disable(promoted, id(promoted, 0));
        refuses(disabled, old);
        opens(disabled, fresh);
        opens(Keysets.enable(disabled, id(disabled, 0)), old);

        TrustedKeyset removed = Keysets.remove(disabled, id(disabled, 0));
        assertThat(removed.keys()).hasSize(1);
        refuses(removed, old);
        opens(removed, fresh);

        assertThat(one.keys()).hasSize(1);
        assertThat(added.keys()).extracting(KeyInfo::enabled).containsExactly(true, true);
        opens(one, old);
    }

    @Test
    void primaryIsNeitherDisabledNorRemoved() {
        TrustedKeyset keyset = Keysets.add(Keysets.create(Accounts.API, KeyType.AES256_GCM));
        long primary = id(keyset, 0);
        assertThat(Refusal.of(KEYSET_POLICY, () -> Keysets.disable(keyset, primary))
                        .detail())
                .contains("promote another key first");
        Refusal.of(KEYSET_POLICY, () -> Keysets.remove(keyset, primary));
    }

    @Test
    void disabledKeyIsNotPromoted() {
        TrustedKeyset keyset = Keysets.add(Keysets.create(Accounts.API, KeyType.AES256_GCM));
        TrustedKeyset disabled = Keysets.disable(keyset, id(keyset, 1));
        assertThat(Refusal.of(UNKNOWN_KEY, () -> Keysets.promote(disabled, id(disabled, 1)))
                        .detail())
                .contains("enable it first");
    }

    @Test
    void unknownKeyIdIsNamedBesideTheKnownOnes() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        long absent = id(keyset, 0) ^ 1;
        for (Runnable step : new Runnable[] {
            () -> Keysets.promote(keyset, absent),
            () -> Keysets.disable(keyset, absent),
            () -> Keysets.enable(keyset, absent),
            () -> Keysets.remove(keyset, absent),
            () -> Keysets.promote(keyset, -1),
            () -> Keysets.promote(keyset, id(keyset, 0) + (1L << 32))
        }) {
            assertThat(Refusal.of(UNKNOWN_KEY, step::run).detail()).contains(Long.toString(id(keyset, 0)));
        }
    }

    @Test
    void thirtyThirdKeyIsRefused() {
        TrustedKeyset keyset = IntStream.range(1, 32)
                .boxed()
                .reduce(Keysets.create(Accounts.API, KeyType.AES256_GCM), (k, i) -> Keysets.add(k), (x, y) -> y);
        assertThat(keyset.keys()).hasSize(32);
        Refusal.of(KEYSET_POLICY, () -> Keysets.add(keyset));
    }

    // Wrapping

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void everyRecipientUnwrapsTheSameKeyset(KeyType type) {
        TrustedKeyset keyset = Keysets.add(Keysets.create(Accounts.API, type));
        EncryptedKeyset document = Keysets.wrap(keyset, Accounts.keks(a, b));
        assertThat(document.identity()).isEqualTo(Accounts.API);
        assertThat(document.keks()).containsExactly(a.uri(), b.uri());
        for (FakeKms kms : new FakeKms[] {a, b}) {
            TrustedKeyset unwrapped = Accounts.unwrap(kms, document);
            assertThat(unwrapped.fingerprint()).isEqualTo(keyset.fingerprint());
            assertThat(unwrapped.keys()).isEqualTo(keyset.keys());
            opens(unwrapped, seal(keyset));
        }
    }

    @Test
    void rewrappingLeavesTheKeysAndChangesTheRecipients() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset unwrapped = Accounts.unwrap(a, Keysets.wrap(keyset, Accounts.keks(a)));
        EncryptedKeyset rewrapped = Keysets.wrap(unwrapped, Accounts.keks(b));
        assertThat(rewrapped.keks()).containsExactly(b.uri());
        assertThat(Accounts.unwrap(b, rewrapped).fingerprint()).isEqualTo(keyset.fingerprint());
        Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(a, rewrapped));
    }

    @Test
    void keysetIsWrappedForOneToEightKeksOrNoKmsIsAsked() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        FakeKms[] nine = IntStream.range(0, 9)
                .mapToObj(i -> new FakeKms("fake-kms://" + i))
                .toArray(FakeKms[]::new);
        Refusal.of(CONFIGURATION, () -> Keysets.wrap(keyset, Accounts.keks()));
        Refusal.of(CONFIGURATION, () -> Keysets.wrap(keyset, Accounts.keks(nine)));
        assertThat(Keysets.wrap(keyset, Accounts.keks(java.util.Arrays.copyOf(nine, 8)))
                        .keks())
                .hasSize(8);
        for (FakeKms kms : java.util.Arrays.copyOf(nine, 1)) {
            assertThat(Accounts.unwrap(kms, Keysets.wrap(keyset, Accounts.keks(kms)))
                            .keys())
                    .hasSize(1);
        }
    }

    @Test
    void documentHoldsNoKeyInTheClear() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        String document = new String(Keysets.wrap(keyset, Accounts.keks(a)).toJson(), UTF_8);
        byte[] material =
                TinkKeysets.of(keyset).getKey(0).getKeyData().getValue().toByteArray();
        String base64 = java.util.Base64.getEncoder().encodeToString(material);
        assertThat(document)
                .contains("\"identity\": \"" + Documents.IDENTITY + "\"")
                .doesNotContain(base64.substring(8, 24));
    }

    @Test
    void wrappedKeysetIsBoundToItsIdentity() {
        EncryptedKeyset document = Keysets.wrap(Keysets.create(Accounts.WEB, KeyType.AES256_GCM), Accounts.keks(a));
        String stolen = new String(document.toJson(), UTF_8).replace("/sa/web", "/sa/api");
        EncryptedKeyset forged = EncryptedKeyset.parse(stolen.getBytes(UTF_8));
        Refusal.of(AUTHENTICATION, () -> Accounts.unwrap(a, forged));
        String otherCluster = new String(document.toJson(), UTF_8).replace("cluster.local", "other.local");
        assertThat(EncryptedKeyset.parse(otherCluster.getBytes(UTF_8))
                        .identity()
                        .trustDomain())
                .isEqualTo("other.local");
    }

    @Test
    void standardFileNamesAreThoseOfTheSpecification() {
        assertThat(EncryptedKeyset.fileName(Accounts.API, false)).isEqualTo("api.keyset.json");
        assertThat(EncryptedKeyset.fileName(Accounts.API, true)).isEqualTo("api.hpke.keyset.json");
    }

    @Test
    void symmetricKeysetHasNoPublicKeys() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        assertThatIllegalStateException().isThrownBy(keyset::publicKeyset);
    }

    @Test
    void publicDocumentHoldsNoPrivateKey() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.HPKE_X25519);
        String document = new String(keyset.publicKeyset().toJson(), UTF_8);
        byte[] material = TinkKeysets.hpkeKey(TinkKeysets.of(keyset).getKey(0))
                .getPrivateKey()
                .toByteArray();
        byte[] value =
                java.util.Base64.getDecoder().decode(document.replaceAll("(?s).*\"value\":\"([^\"]*)\".*", "$1"));
        assertThat(java.util.HexFormat.of().formatHex(value))
                .doesNotContain(java.util.HexFormat.of().formatHex(material));
        assertThat(document).contains("ASYMMETRIC_PUBLIC").doesNotContain("PRIVATE");
    }

    @Test
    void pinnedFingerprintIsRequired() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        EncryptedKeyset document = Keysets.wrap(keyset, Accounts.keks(a));
        assertThat(Accounts.unwrap(Accounts.keks(a), Set.of(keyset.fingerprint(), "sha256:other"), document))
                .hasSize(1);
        assertThat(Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(Accounts.keks(a), Set.of("sha256:other"), document))
                        .detail())
                .contains(keyset.fingerprint(), "not pinned");
    }

    @Test
    void pinOfTheOldKeysetRefusesTheNewOneAndTheOtherWayRound() {
        TrustedKeyset old = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset fresh = Keysets.add(old);
        Keks keks = Accounts.keks(a);
        Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(keks, Set.of(old.fingerprint()), Keysets.wrap(fresh, keks)));
        Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(keks, Set.of(fresh.fingerprint()), Keysets.wrap(old, keks)));
    }

    @Test
    void anyUnpinnedDocumentRefusesAll() {
        TrustedKeyset pinned = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset other = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        Keks keks = Accounts.keks(a);
        Refusal.of(
                KEYSET_POLICY,
                () -> Accounts.unwrap(
                        keks, Set.of(pinned.fingerprint()), Keysets.wrap(pinned, keks), Keysets.wrap(other, keks)));
    }

    @Test
    void keysetUnderAnRsaKekIsTrustedByItsPinOnly() {
        FakeKms rsa = new FakeKms("azure-kv://vault.example/keys/podseal/0123456789abcdef");
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        EncryptedKeyset document = Keysets.wrap(keyset, Accounts.keks(rsa, a));
        assertThat(Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(Accounts.keks(rsa), Set.of(), document))
                        .detail())
                .contains(keyset.fingerprint(), "unverified: compare with what 'podseal keyset create' printed");
        Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(Accounts.keks(rsa), Set.of("sha256:other"), document));
        assertThat(Accounts.unwrap(Accounts.keks(rsa), Set.of(keyset.fingerprint()), document))
                .hasSize(1);
        assertThat(Accounts.unwrap(Accounts.keks(a), Set.of(), document))
                .as("another recipient")
                .hasSize(1);
    }
}
