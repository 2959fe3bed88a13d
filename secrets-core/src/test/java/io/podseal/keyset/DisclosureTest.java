// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Plaintext;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.testkit.FakeKms;
import java.io.Serializable;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the public types print, wherever a log or a debugger may print them: no plaintext, no key, no payload. */
final class DisclosureTest {
    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    private static List<Object> everythingOf(KeyType type) {
        FakeKms kms = new FakeKms("fake-kms://a");
        Keks keks = Accounts.keks(kms);
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SecretSealer sealer = keyset.sealer();
        SecretOpener opener = keyset.opener();
        SealedValue sealed = sealer.seal(Accounts.PASSWORD, Plaintext.bytes());
        SecretValue secret = opener.open(sealed);
        EncryptedKeyset document = Keysets.wrap(keyset, keks);
        return List.of(
                keyset,
                sealer,
                opener,
                sealed,
                secret,
                document,
                keks,
                keyset.keys(),
                type.isHybrid() ? keyset.publicKeyset() : "none",
                new KeysetUnwrapper(
                        keks, Set.of(keyset.fingerprint()), Duration.ofSeconds(1), new KeysetUnwrapper.Listener() {}),
                LocalKms.allowedInCluster(),
                PodIdentity.ofThisProcess(),
                Accounts.API,
                Scope.accountBound(Accounts.API),
                Map.of("a", secret));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void noTypePrintsThePlaintext(KeyType type) {
        for (Object object : everythingOf(type)) {
            assertThat(Plaintext.leaksIn(object.toString()))
                    .as(object.toString())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void noTypePrintsKeyMaterialOrPayload(KeyType type) {
        List<Object> everything = everythingOf(type);
        TrustedKeyset keyset = (TrustedKeyset) everything.get(0);
        SealedValue sealed = (SealedValue) everything.get(3);
        byte[] key = TinkKeysets.of(keyset).getKey(0).getKeyData().getValue().toByteArray();
        String payload = sealed.token().substring(sealed.token().lastIndexOf(':') + 1);
        List<String> forbidden = List.of(
                HexFormat.of().formatHex(key, key.length - 16, key.length),
                Base64.getEncoder().encodeToString(key).substring(8, 24),
                payload.substring(12, 36));
        assertThat(sealed.token()).as("the search finds it").contains(forbidden.get(2));
        for (Object object : everything) {
            assertThat(object.toString()).doesNotContain(forbidden.toArray(String[]::new));
        }
    }

    @Test
    void keysetIsPrintedWithItsIdentityAndFingerprint() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        assertThat(keyset.toString()).contains(Accounts.API.spiffeId(), keyset.fingerprint());
    }

    @Test
    void theTypesThatHoldSecretsCannotBeSerialised() {
        for (Object object : everythingOf(KeyType.HPKE_X25519).subList(0, 7)) {
            assertThat(object).isNotInstanceOf(Serializable.class);
        }
    }

    @Test
    void searchFindsThePlaintextWhereItIs() {
        SecretValue secret = SecretValue.owning(Plaintext.bytes());
        assertThat(Plaintext.leaksIn("value=" + new String(secret.revealBytes(), UTF_8)))
                .isNotEmpty();
    }
}
