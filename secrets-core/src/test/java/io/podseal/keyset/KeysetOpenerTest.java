// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import io.podseal.ErrorCode;
import io.podseal.Plaintext;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks 6 to 10 of the specification's section 2 on trusted keysets, and the keys of several documents together. */
final class KeysetOpenerTest {
    private static final Scope USERNAME = Scope.item(Accounts.API, "db-credentials", "username");

    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    private static TrustedKeyset keyset(Keyset.Key... keys) {
        return new TrustedKeyset(
                Accounts.API, KeysetPolicy.parse(TinkKeysets.keyset(keys).toByteArray()));
    }

    private static SealedValue seal(TrustedKeyset keyset) {
        return keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes());
    }

    private static PodsealException refused(ErrorCode code, SecretOpener opener, SealedValue sealed) {
        return Refusal.of(code, () -> opener.open(sealed));
    }

    private static void opens(SecretOpener opener, SealedValue sealed) {
        try (SecretValue secret = opener.open(sealed)) {
            assertThat(secret.revealBytes()).isEqualTo(Plaintext.bytes());
        }
    }

    /** The token with its payload replaced, and so its scope kept. */
    private static SealedValue withPayload(SealedValue sealed, byte[] payload) {
        return SealedValue.parse("podseal:v1:" + sealed.scope() + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(payload));
    }

    private static byte[] payload(SealedValue sealed) {
        String token = sealed.token();
        return Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf(':') + 1));
    }

    private static SealedValue moved(SealedValue sealed, String scope) {
        String token = sealed.token();
        return SealedValue.parse("podseal:v1:" + scope + token.substring(token.lastIndexOf(':')));
    }

    @Test
    void tokenOfAnotherAccountIsRefusedBeforeAKeyIsLookedUp() {
        TrustedKeyset web = Keysets.create(Accounts.WEB, KeyType.AES256_GCM);
        SealedValue sealed = web.sealer().seal(Scope.accountBound(Accounts.WEB), Plaintext.bytes());
        TrustedKeyset api = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        assertThat(refused(CONTEXT_MISMATCH, api.opener(), sealed).detail())
                .contains("sealed for payments/web", "running as payments/api");
    }

    @Test
    void headerEditedToFitAnotherAccountIsUnknownKey() {
        TrustedKeyset web = Keysets.create(Accounts.WEB, KeyType.AES256_GCM);
        SealedValue sealed = web.sealer().seal(Scope.accountBound(Accounts.WEB), Plaintext.bytes());
        refused(UNKNOWN_KEY, Keysets.create(Accounts.API, KeyType.AES256_GCM).opener(), moved(sealed, "payments/api"));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void headerEditedToFitAnotherPlaceIsAuthentication(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SealedValue sealed = seal(keyset);
        for (String scope : new String[] {
            USERNAME.toString(), "payments/api/other/password", "payments/api", "payments/api/inline/password"
        }) {
            refused(AUTHENTICATION, keyset.opener(), moved(sealed, scope));
        }
        SealedValue accountBound = keyset.sealer().seal(Scope.accountBound(Accounts.API), Plaintext.bytes());
        refused(AUTHENTICATION, keyset.opener(), moved(accountBound, Accounts.PASSWORD.toString()));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void valueSealedForOneItemIsNotOpenedInAnother(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        String token = seal(keyset).token();
        Refusal.of(CONTEXT_MISMATCH, () -> keyset.opener().open(token, USERNAME));
    }

    @Test
    void disabledKeyIsUnknownAndSaysSo() {
        TrustedKeyset keyset = Keysets.add(Keysets.create(Accounts.API, KeyType.AES256_GCM));
        SealedValue sealed = seal(keyset);
        TrustedKeyset promoted = Keysets.promote(keyset, keyset.keys().get(1).id());
        TrustedKeyset disabled = Keysets.disable(promoted, sealed.keyId());
        assertThat(refused(UNKNOWN_KEY, disabled.opener(), sealed).detail())
                .contains(Long.toString(sealed.keyId()), "is disabled");
        assertThat(refused(
                                UNKNOWN_KEY,
                                Keysets.create(Accounts.API, KeyType.AES256_GCM).opener(),
                                sealed)
                        .detail())
                .contains(Long.toString(sealed.keyId()), "is in no keyset document of payments/api");
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void payloadBelowTheMinimumOfItsTypeIsSize(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        byte[] smallest = payload(keyset.sealer().seal(Accounts.PASSWORD, new byte[0]));
        assertThat(smallest).hasSize(type.minPayloadBytes());
        if (type.minPayloadBytes() > 33) {
            SealedValue cut = withPayload(seal(keyset), Arrays.copyOf(smallest, type.minPayloadBytes() - 1));
            assertThat(refused(SIZE, keyset.opener(), cut).detail()).contains(type.typeName());
        }
        smallest[smallest.length - 1] ^= 1;
        refused(AUTHENTICATION, keyset.opener(), withPayload(seal(keyset), smallest));
    }

    @ParameterizedTest
    @EnumSource(names = {"AES256_GCM", "HPKE_X25519"})
    void payloadOverTheLimitOfItsTypeIsSize(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        byte[] largest = payload(keyset.sealer().seal(Accounts.PASSWORD, new byte[SecretSealer.MAX_PLAINTEXT_BYTES]));
        largest[largest.length - 1] ^= 1;
        refused(AUTHENTICATION, keyset.opener(), withPayload(seal(keyset), largest));
        assertThat(refused(SIZE, keyset.opener(), withPayload(seal(keyset), Arrays.copyOf(largest, largest.length + 1)))
                        .detail())
                .contains(
                        type.minPayloadBytes() + " to " + largest.length + " bytes, this has " + (largest.length + 1));
    }

    @Test
    void unknownKeyDecidesBeforeSizeAndSizeBeforeTheKindOfKey() {
        TrustedKeyset hybrid = Keysets.create(Accounts.API, KeyType.HPKE_X25519);
        byte[] tooShort = Arrays.copyOf(payload(seal(hybrid)), 40);
        SealedValue sealed = withPayload(seal(hybrid), tooShort);
        refused(UNKNOWN_KEY, Keysets.create(Accounts.API, KeyType.AES256_GCM).opener(), sealed);
        refused(SIZE, TrustedKeyset.opener(List.of(hybrid), true), sealed);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void symmetricOnlyRefusesPublicKeySealsBeforeDecryption(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SecretOpener opener = TrustedKeyset.opener(List.of(keyset), true);
        if (!type.isHybrid()) {
            opens(opener, seal(keyset));
            return;
        }
        byte[] altered = payload(seal(keyset));
        altered[altered.length - 1] ^= 1;
        assertThat(refused(KEYSET_POLICY, opener, seal(keyset)).detail()).contains("podseal.accept=symmetric");
        refused(KEYSET_POLICY, opener, withPayload(seal(keyset), altered));
    }

    @Test
    void primitiveFollowsTheKeysetEntryNeverTheToken() {
        TrustedKeyset gcm = keyset(TinkKeysets.aesGcm(7, 32));
        TrustedKeyset xaes = keyset(TinkKeysets.xAesGcm(7, 12));
        refused(AUTHENTICATION, gcm.opener(), seal(xaes));
        refused(AUTHENTICATION, xaes.opener(), seal(gcm));
    }

    @Test
    void everyBitOfAShortTokensPayloadCounts() {
        TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        SecretOpener opener = keyset.opener();
        SealedValue sealed = keyset.sealer().seal(Accounts.PASSWORD, new byte[] {1});
        byte[] payload = payload(sealed);
        for (int bit = 8; bit < payload.length * 8; bit++) {
            byte[] flipped = payload.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(bit < 40 ? UNKNOWN_KEY : AUTHENTICATION, opener, withPayload(sealed, flipped));
        }
    }

    // Several documents

    @Test
    void keysOfSeveralDocumentsOpenTogether() {
        TrustedKeyset one = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset two = Keysets.create(Accounts.API, KeyType.HPKE_X25519);
        SecretOpener both = TrustedKeyset.opener(List.of(one, two), false);
        opens(both, seal(one));
        opens(both, seal(two));
    }

    @Test
    void sameKeyInTwoDocumentsIsOneKey() {
        TrustedKeyset old = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset fresh = Keysets.add(old);
        opens(TrustedKeyset.opener(List.of(old, fresh), false), seal(old));
        opens(TrustedKeyset.opener(List.of(old, old), false), seal(old));
    }

    @Test
    void keyIsDisabledIfAnyDocumentSaysSoInWhateverOrder() {
        Keyset.Key primary = TinkKeysets.aesGcm(1, 32);
        Keyset.Key key = TinkKeysets.aesGcm(2, 32);
        Keyset.Key disabled = key.toBuilder().setStatus(KeyStatusType.DISABLED).build();
        TrustedKeyset enabled = keyset(primary, key);
        TrustedKeyset refusing = keyset(primary, disabled);
        SealedValue sealed = seal(keyset(key));
        opens(TrustedKeyset.opener(List.of(enabled, enabled), false), sealed);
        for (List<TrustedKeyset> order : List.of(
                List.of(enabled, refusing),
                List.of(refusing, enabled),
                List.of(enabled, refusing, enabled),
                List.of(refusing, enabled, enabled),
                List.of(enabled, enabled, refusing))) {
            refused(UNKNOWN_KEY, TrustedKeyset.opener(order, false), sealed);
        }
    }

    @Test
    void sameIdWithOtherMaterialIsKeysetPolicy() {
        TrustedKeyset one = keyset(TinkKeysets.aesGcm(1, 32));
        for (TrustedKeyset other : List.of(
                keyset(TinkKeysets.aesGcm(1, 16)),
                keyset(TinkKeysets.xAesGcm(1, 12)),
                keyset(TinkKeysets.hpke(1)),
                keyset(TinkKeysets.aesGcm(2, 32), otherMaterial(1)))) {
            assertThat(Refusal.of(KEYSET_POLICY, () -> TrustedKeyset.opener(List.of(one, other), false))
                            .detail())
                    .contains("key id 1 ");
            Refusal.of(KEYSET_POLICY, () -> TrustedKeyset.opener(List.of(other, one), false));
        }
        TrustedKeyset hpke = keyset(TinkKeysets.hpke(5));
        Refusal.of(KEYSET_POLICY, () -> TrustedKeyset.opener(List.of(hpke, keyset(TinkKeysets.hpke(5))), false));
    }

    @Test
    void conflictCountsEvenBetweenDisabledKeys() {
        Keyset.Key disabled =
                otherMaterial(1).toBuilder().setStatus(KeyStatusType.DISABLED).build();
        TrustedKeyset one = keyset(TinkKeysets.aesGcm(1, 32));
        TrustedKeyset two = keyset(TinkKeysets.aesGcm(2, 32), disabled);
        Refusal.of(KEYSET_POLICY, () -> TrustedKeyset.opener(List.of(one, two), false));
    }

    @Test
    void keysetsOfTwoIdentitiesNeverMeetInOneOpener() {
        TrustedKeyset api = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset elsewhere =
                Keysets.create(new ServiceAccount("other.local", "payments", "api"), KeyType.AES256_GCM);
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedKeyset.opener(List.of(api, elsewhere), false));
    }

    @Test
    void sealerRefusesAnotherAccountsScope() {
        SecretSealer sealer = Keysets.create(Accounts.API, KeyType.AES256_GCM).sealer();
        Refusal.of(CONTEXT_MISMATCH, () -> sealer.seal(Scope.accountBound(Accounts.WEB), Plaintext.bytes()));
    }

    private static Keyset.Key otherMaterial(int id) {
        return TinkKeysets.of(Keysets.create(Accounts.API, KeyType.AES256_GCM)).getKey(0).toBuilder()
                .setKeyId(id)
                .build();
    }
}
