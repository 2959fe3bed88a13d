// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.Plaintext;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.testkit.FakeKms;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every key type of the specification's table seals and opens, with its own token length. */
final class SixKeyTypesTest {
    private static final Map<KeyType, Integer> SMALLEST = Map.of(
            KeyType.AES256_GCM, 33,
            KeyType.AES128_GCM, 33,
            KeyType.XAES256_GCM, 45,
            KeyType.AES256_CTR_HMAC, 53,
            KeyType.HPKE_X25519, 53,
            KeyType.HPKE_XWING, 1141);

    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    private static byte[] random(int bytes) {
        byte[] plaintext = new byte[bytes];
        new Random(bytes).nextBytes(plaintext);
        return plaintext;
    }

    private static byte[] open(SecretOpener opener, String token, Scope place) {
        try (SecretValue secret = opener.open(token, place)) {
            return secret.revealBytes();
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void everySizeComesBackByteForByte(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SecretSealer sealer = keyset.sealer();
        SecretOpener opener = keyset.opener();
        for (int bytes : new int[] {0, 1, 64 * 1024, SecretSealer.MAX_PLAINTEXT_BYTES}) {
            byte[] plaintext = random(bytes);
            for (Scope scope : new Scope[] {Accounts.PASSWORD, Scope.accountBound(Accounts.API)}) {
                SealedValue sealed = sealer.seal(scope, plaintext);
                assertThat(sealed.payloadBytes()).isEqualTo(SMALLEST.get(type) + bytes);
                assertThat(sealed.token())
                        .startsWith("podseal:v1:" + scope + ":A")
                        .hasSize(12 + scope.toString().length() + ((SMALLEST.get(type) + bytes) * 4 + 2) / 3);
                assertThat(open(opener, sealed.token(), Accounts.PASSWORD)).isEqualTo(plaintext);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void oneByteOverTheLimitIsRefused(KeyType type) {
        SecretSealer sealer = Keysets.create(Accounts.API, type).sealer();
        byte[] plaintext = new byte[SecretSealer.MAX_PLAINTEXT_BYTES + 1];
        assertThat(Refusal.of(SIZE, () -> sealer.seal(Accounts.PASSWORD, plaintext))
                        .detail())
                .contains("716800", "716801");
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void keyTypeKeepsItsNameAndSmallestPayload(KeyType type) {
        assertThat(KeyType.of(type.typeName())).isEqualTo(type);
        assertThat(type.minPayloadBytes()).isEqualTo(SMALLEST.get(type));
        assertThat(KeyType.of(type.parameters())).isEqualTo(type);
        assertThat(type.isHybrid()).isEqualTo(type.typeName().startsWith("hpke-"));
    }

    @Test
    void nameOfNoTypeIsRefusedWithTheNamesThatThereAre() {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> KeyType.of("AES256-GCM"))
                        .detail())
                .contains("aes256-gcm", "hpke-xwing");
    }

    @Test
    void longestTokenOfEveryTypePassesTheTokenLimit() {
        Scope longest = Scope.item(
                new io.podseal.ServiceAccount("td", "n".repeat(63), "a".repeat(253)), "s".repeat(253), "k".repeat(253));
        TrustedKeyset keyset = Keysets.create(
                new io.podseal.ServiceAccount("td", longest.namespace(), longest.serviceAccount()), KeyType.HPKE_XWING);
        byte[] plaintext = random(SecretSealer.MAX_PLAINTEXT_BYTES);
        String token = keyset.sealer().seal(longest, plaintext).token();
        assertThat(token.length()).isLessThanOrEqualTo(958_976);
        assertThat(open(keyset.opener(), token, longest)).isEqualTo(plaintext);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void sealingTwiceGivesDifferentTokens(KeyType type) {
        SecretSealer sealer = Keysets.create(Accounts.API, type).sealer();
        byte[] plaintext = Plaintext.bytes();
        assertThat(sealer.seal(Accounts.PASSWORD, plaintext).token())
                .isNotEqualTo(sealer.seal(Accounts.PASSWORD, plaintext).token());
        assertThat(plaintext).as("not zeroed by sealing").isEqualTo(Plaintext.bytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"HPKE_X25519", "HPKE_XWING"})
    void publicDocumentSealsForTheWrappedOne(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        PublicKeyset parsed = PublicKeyset.parse(keyset.publicKeyset().toJson());
        String token =
                parsed.sealer().seal(Accounts.PASSWORD, Plaintext.bytes()).token();
        assertThat(open(keyset.opener(), token, Accounts.PASSWORD)).isEqualTo(Plaintext.bytes());
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void wrappedKeysetOpensWhatTheOriginalSealed(KeyType type) {
        FakeKms kms = new FakeKms("fake-kms://a");
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        String token =
                keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes()).token();
        EncryptedKeyset document =
                EncryptedKeyset.parse(Keysets.wrap(keyset, Accounts.keks(kms)).toJson());
        TrustedKeyset unwrapped = Accounts.unwrap(kms, document);
        assertThat(open(unwrapped.opener(), token, Accounts.PASSWORD)).isEqualTo(Plaintext.bytes());
        assertThat(unwrapped.type()).isEqualTo(type);
    }

    @Test
    void ciphersLeaveTheirInputsAsTheyWere() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        SealedValue sealed = keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes());
        String before = sealed.token();
        SecretOpener opener = keyset.opener();
        for (int i = 0; i < 3; i++) {
            try (SecretValue secret = opener.open(sealed)) {
                byte[] revealed = secret.revealBytes();
                assertThat(revealed).isEqualTo(Plaintext.bytes());
                Arrays.fill(revealed, (byte) 0);
            }
        }
        assertThat(sealed.token()).isEqualTo(before);
    }
}
