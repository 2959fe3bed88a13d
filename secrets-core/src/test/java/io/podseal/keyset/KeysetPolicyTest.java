// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.KEYSET_POLICY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.proto.AesGcmSivKey;
import com.google.crypto.tink.proto.ChaCha20Poly1305Key;
import com.google.crypto.tink.proto.HashType;
import com.google.crypto.tink.proto.HpkeAead;
import com.google.crypto.tink.proto.HpkeKdf;
import com.google.crypto.tink.proto.HpkeKem;
import com.google.crypto.tink.proto.HpkePrivateKey;
import com.google.crypto.tink.proto.KeyData.KeyMaterialType;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.KeyTemplate;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.KmsAeadKey;
import com.google.crypto.tink.proto.KmsAeadKeyFormat;
import com.google.crypto.tink.proto.KmsEnvelopeAeadKey;
import com.google.crypto.tink.proto.KmsEnvelopeAeadKeyFormat;
import com.google.crypto.tink.proto.OutputPrefixType;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a keyset must not hold, although it is authentic: each case is wrapped by the real KEK under the right associated
 * data and unwrapped as any other.
 */
final class KeysetPolicyTest {
    private static final FakeKms KMS = new FakeKms("fake-kms://a");
    private static final Keyset.Key GOOD = TinkKeysets.aesGcm(1, 32);
    private static final Keyset.Key OTHER = TinkKeysets.aesGcm(2, 32);

    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    private static EncryptedKeyset wrapped(ByteString keyset) throws GeneralSecurityException {
        byte[] bytes = KMS.kek().encrypt(keyset.toByteArray(), EncryptedKeyset.associatedData(Accounts.API));
        String document = Documents.of(Documents.recipient(KMS.uri()))
                .replace(Documents.WRAPPED, Base64.getEncoder().encodeToString(bytes));
        return EncryptedKeyset.parse(document.getBytes(UTF_8));
    }

    private static TrustedKeyset accepted(Keyset keyset) throws Exception {
        return Accounts.unwrap(KMS, wrapped(keyset.toByteString()));
    }

    private static PodsealException refused(ByteString keyset) throws Exception {
        EncryptedKeyset document = wrapped(keyset);
        KMS.answers(FakeKms.WORKS);
        PodsealException refusal = Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(KMS, document));
        assertThat(KMS.calls()).as("a refusal of the policy is final").isEqualTo(1);
        return refusal;
    }

    private static PodsealException refused(Keyset keyset) throws Exception {
        return refused(keyset.toByteString());
    }

    private static Keyset.Key with(Keyset.Key key, OutputPrefixType prefix) {
        return key.toBuilder().setOutputPrefixType(prefix).build();
    }

    private static Keyset.Key with(Keyset.Key key, KeyStatusType status) {
        return key.toBuilder().setStatus(status).build();
    }

    @Test
    void keysetsOfEveryPermittedTypeAreAccepted() throws Exception {
        assertThat(accepted(TinkKeysets.keyset(GOOD)).type()).isEqualTo(KeyType.AES256_GCM);
        assertThat(accepted(TinkKeysets.keyset(TinkKeysets.aesGcm(1, 16))).type())
                .isEqualTo(KeyType.AES128_GCM);
        assertThat(accepted(TinkKeysets.keyset(TinkKeysets.xAesGcm(1, 12))).type())
                .isEqualTo(KeyType.XAES256_GCM);
        assertThat(accepted(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 32, 32, HashType.SHA256)))
                        .type())
                .isEqualTo(KeyType.AES256_CTR_HMAC);
        assertThat(accepted(TinkKeysets.keyset(TinkKeysets.hpke(1))).type()).isEqualTo(KeyType.HPKE_X25519);
    }

    @Test
    void symmetricKeysOfDifferentTypesMayShareAKeyset() throws Exception {
        assertThat(accepted(TinkKeysets.keyset(
                                GOOD,
                                TinkKeysets.xAesGcm(2, 12),
                                TinkKeysets.aesCtrHmac(3, 32, 16, 32, 32, HashType.SHA256)))
                        .keys())
                .hasSize(3);
    }

    @Test
    void neitherConfigurationReadsTheOtherKind() {
        byte[] symmetric = TinkKeysets.keyset(GOOD).toByteArray();
        byte[] hybrid = TinkKeysets.keyset(TinkKeysets.hpke(1)).toByteArray();
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> TinkProtoKeysetFormat.parseKeyset(
                        symmetric, InsecureSecretKeyAccess.get(), HybridConfig2026.get()));
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() ->
                        TinkProtoKeysetFormat.parseKeyset(hybrid, InsecureSecretKeyAccess.get(), AeadConfig2026.get()));
    }

    // Types

    @Test
    void keyThatPointsToAKmsIsRefused() throws Exception {
        KmsAeadKey pointer = KmsAeadKey.newBuilder()
                .setParams(KmsAeadKeyFormat.newBuilder().setKeyUri("gcp-kms://projects/evil"))
                .build();
        refused(TinkKeysets.keyset(
                TinkKeysets.key(1, TinkKeysets.data("KmsAeadKey", KeyMaterialType.REMOTE, pointer))));
    }

    @Test
    void keyThatPointsToAKmsIsRefusedBehindAGoodOne() throws Exception {
        KmsAeadKey pointer = KmsAeadKey.newBuilder()
                .setParams(KmsAeadKeyFormat.newBuilder().setKeyUri("http://169.254.169.254/"))
                .build();
        refused(TinkKeysets.keyset(
                GOOD, TinkKeysets.key(2, TinkKeysets.data("KmsAeadKey", KeyMaterialType.REMOTE, pointer))));
    }

    @Test
    void envelopeKeyIsRefused() throws Exception {
        KmsEnvelopeAeadKey envelope = KmsEnvelopeAeadKey.newBuilder()
                .setParams(KmsEnvelopeAeadKeyFormat.newBuilder()
                        .setKekUri("aws-kms://arn:aws:kms:x")
                        .setDekTemplate(KeyTemplate.newBuilder()
                                .setTypeUrl("type.googleapis.com/google.crypto.tink.AesGcmKey")
                                .setOutputPrefixType(OutputPrefixType.RAW)))
                .build();
        refused(TinkKeysets.keyset(
                TinkKeysets.key(1, TinkKeysets.data("KmsEnvelopeAeadKey", KeyMaterialType.REMOTE, envelope))));
    }

    @Test
    void unknownTypeIsRefused() throws Exception {
        refused(TinkKeysets.keyset(TinkKeysets.key(
                1,
                TinkKeysets.data("NoSuchKey", KeyMaterialType.SYMMETRIC, ChaCha20Poly1305Key.getDefaultInstance()))));
        refused(TinkKeysets.keyset(GOOD.toBuilder()
                .setKeyData(GOOD.getKeyData().toBuilder().setTypeUrl("example.com/google.crypto.tink.AesGcmKey"))
                .build()));
        refused(TinkKeysets.keyset(GOOD.toBuilder().clearKeyData().build()));
    }

    @Test
    void aeadTypesThatTinkKnowsButTheTableDoesNotAreRefused() throws Exception {
        refused(TinkKeysets.keyset(TinkKeysets.key(
                1,
                TinkKeysets.data(
                        "ChaCha20Poly1305Key",
                        KeyMaterialType.SYMMETRIC,
                        ChaCha20Poly1305Key.newBuilder()
                                .setKeyValue(TinkKeysets.bytes(32))
                                .build()))));
        refused(TinkKeysets.keyset(TinkKeysets.key(
                1,
                TinkKeysets.data(
                        "AesGcmSivKey",
                        KeyMaterialType.SYMMETRIC,
                        AesGcmSivKey.newBuilder()
                                .setKeyValue(TinkKeysets.bytes(32))
                                .build()))));
    }

    @Test
    void otherMaterialTypeIsRefused() throws Exception {
        for (KeyMaterialType material : new KeyMaterialType[] {
            KeyMaterialType.UNKNOWN_KEYMATERIAL, KeyMaterialType.REMOTE, KeyMaterialType.ASYMMETRIC_PUBLIC
        }) {
            refused(TinkKeysets.keyset(GOOD.toBuilder()
                    .setKeyData(GOOD.getKeyData().toBuilder().setKeyMaterialType(material))
                    .build()));
        }
    }

    @Test
    void publicKeysWhereSecretOnesBelongAreRefused() throws Exception {
        Keyset.Key hpke = TinkKeysets.hpke(1);
        refused(TinkKeysets.keyset(TinkKeysets.key(
                1,
                TinkKeysets.data(
                        "HpkePublicKey",
                        KeyMaterialType.ASYMMETRIC_PUBLIC,
                        TinkKeysets.hpkeKey(hpke).getPublicKey()))));
    }

    // Parameters

    @Test
    void weakKeySizesAreRefused() throws Exception {
        refused(TinkKeysets.keyset(TinkKeysets.aesGcm(1, 24)));
        refused(TinkKeysets.keyset(TinkKeysets.aesGcm(1, 8)));
        refused(TinkKeysets.keyset(TinkKeysets.aesGcm(1, 0)));
        refused(TinkKeysets.keyset(TinkKeysets.aesGcm(1, 33)));
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 16, 16, 32, 32, HashType.SHA256)));
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 16, 32, HashType.SHA256)));
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 12, 32, 32, HashType.SHA256)));
    }

    @Test
    void shortTagIsRefused() throws Exception {
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 32, 10, HashType.SHA256)));
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 32, 16, HashType.SHA256)));
    }

    @Test
    void sha1AndOtherHashesAreRefused() throws Exception {
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 32, 20, HashType.SHA1)));
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 32, 32, HashType.SHA512)));
        refused(TinkKeysets.keyset(TinkKeysets.aesCtrHmac(1, 32, 16, 32, 32, HashType.UNKNOWN_HASH)));
    }

    @Test
    void otherNonceLengthOfXAesIsRefused() throws Exception {
        refused(TinkKeysets.keyset(TinkKeysets.xAesGcm(1, 8)));
        refused(TinkKeysets.keyset(TinkKeysets.xAesGcm(1, 0)));
    }

    @Test
    void otherHpkeSuitesAreRefused() throws Exception {
        HpkeKem kem = HpkeKem.DHKEM_X25519_HKDF_SHA256;
        refused(TinkKeysets.keyset(TinkKeysets.hpke(1, kem, HpkeKdf.HKDF_SHA256, HpkeAead.AES_128_GCM)));
        refused(TinkKeysets.keyset(TinkKeysets.hpke(1, kem, HpkeKdf.HKDF_SHA256, HpkeAead.CHACHA20_POLY1305)));
        refused(TinkKeysets.keyset(TinkKeysets.hpke(1, kem, HpkeKdf.HKDF_SHA512, HpkeAead.AES_256_GCM)));
        refused(TinkKeysets.keyset(
                TinkKeysets.hpke(1, HpkeKem.DHKEM_P256_HKDF_SHA256, HpkeKdf.HKDF_SHA256, HpkeAead.AES_256_GCM)));
    }

    @Test
    void hpkeKeyWithTheWrongPublicKeyIsRefused() throws Exception {
        HpkePrivateKey one = TinkKeysets.hpkeKey(TinkKeysets.hpke(1));
        HpkePrivateKey two = TinkKeysets.hpkeKey(TinkKeysets.hpke(1));
        refused(TinkKeysets.keyset(TinkKeysets.key(
                1,
                TinkKeysets.data(
                        "HpkePrivateKey",
                        KeyMaterialType.ASYMMETRIC_PRIVATE,
                        one.toBuilder().setPublicKey(two.getPublicKey()).build()))));
    }

    // Prefixes

    @Test
    void rawPrefixIsRefused() throws Exception {
        refused(TinkKeysets.keyset(with(GOOD, OutputPrefixType.RAW)));
        refused(TinkKeysets.keyset(GOOD, with(OTHER, OutputPrefixType.RAW)));
        refused(TinkKeysets.keyset(with(TinkKeysets.hpke(1), OutputPrefixType.RAW)));
    }

    @Test
    void legacyPrefixIsRefused() throws Exception {
        refused(TinkKeysets.keyset(with(GOOD, OutputPrefixType.LEGACY)));
        refused(TinkKeysets.keyset(GOOD, with(OTHER, OutputPrefixType.LEGACY)));
        refused(TinkKeysets.keyset(with(TinkKeysets.hpke(1), OutputPrefixType.LEGACY)));
    }

    @Test
    void crunchyPrefixIsRefused() throws Exception {
        refused(TinkKeysets.keyset(with(GOOD, OutputPrefixType.CRUNCHY)));
        refused(TinkKeysets.keyset(GOOD, with(OTHER, OutputPrefixType.CRUNCHY)));
        refused(TinkKeysets.keyset(with(TinkKeysets.hpke(1), OutputPrefixType.CRUNCHY)));
    }

    @Test
    void unknownPrefixIsRefused() throws Exception {
        refused(TinkKeysets.keyset(with(GOOD, OutputPrefixType.UNKNOWN_PREFIX)));
        refused(TinkKeysets.keyset(GOOD.toBuilder().setOutputPrefixTypeValue(77).build()));
        refused(TinkKeysets.keyset(
                GOOD, OTHER.toBuilder().setOutputPrefixTypeValue(-1).build()));
    }

    // Ids, count, status, primary

    @Test
    void duplicateIdsAreRefused() throws Exception {
        refused(TinkKeysets.keyset(GOOD, GOOD));
        refused(TinkKeysets.keyset(GOOD, OTHER, OTHER));
        refused(TinkKeysets.keyset(GOOD, TinkKeysets.aesGcm(1, 16)));
    }

    @Test
    void keysetWithoutKeysIsRefused() throws Exception {
        refused(Keyset.newBuilder().setPrimaryKeyId(1).build());
    }

    @Test
    void thirtyTwoKeysAreAcceptedAndThirtyThreeRefused() throws Exception {
        Keyset.Builder keys = Keyset.newBuilder().setPrimaryKeyId(1);
        for (int id = 1; id <= 32; id++) {
            keys.addKey(TinkKeysets.aesGcm(id, 32));
        }
        assertThat(accepted(keys.build()).keys()).hasSize(32);
        assertThat(refused(keys.addKey(TinkKeysets.aesGcm(33, 32)).build()).detail())
                .contains("33 keys");
    }

    @Test
    void destroyedKeyIsRefused() throws Exception {
        assertThat(refused(TinkKeysets.keyset(GOOD, with(OTHER, KeyStatusType.DESTROYED)))
                        .detail())
                .contains("key 2 is destroyed");
        refused(TinkKeysets.keyset(
                GOOD,
                with(OTHER, KeyStatusType.DESTROYED).toBuilder().clearKeyData().build()));
        refused(TinkKeysets.keyset(with(GOOD, KeyStatusType.DESTROYED)));
    }

    @Test
    void unknownStatusIsRefused() throws Exception {
        refused(TinkKeysets.keyset(GOOD, with(OTHER, KeyStatusType.UNKNOWN_STATUS)));
        refused(TinkKeysets.keyset(GOOD, OTHER.toBuilder().setStatusValue(9).build()));
    }

    @Test
    void disabledPrimaryIsRefused() throws Exception {
        assertThat(refused(TinkKeysets.keyset(with(GOOD, KeyStatusType.DISABLED), OTHER))
                        .detail())
                .contains("no enabled primary");
    }

    @Test
    void absentPrimaryIsRefused() throws Exception {
        refused(TinkKeysets.keyset(GOOD).toBuilder().setPrimaryKeyId(7).build());
        refused(TinkKeysets.keyset(GOOD).toBuilder().clearPrimaryKeyId().build());
    }

    @Test
    void disabledKeyBesideThePrimaryIsAccepted() throws Exception {
        assertThat(accepted(TinkKeysets.keyset(GOOD, with(OTHER, KeyStatusType.DISABLED)))
                        .keys())
                .extracting(KeyInfo::enabled)
                .containsExactly(true, false);
    }

    @Test
    void highestAndLowestKeyIdAreAccepted() throws Exception {
        assertThat(accepted(TinkKeysets.keyset(TinkKeysets.aesGcm(-1, 32), TinkKeysets.aesGcm(0, 32)))
                        .keys())
                .extracting(KeyInfo::id)
                .containsExactly(4_294_967_295L, 0L);
    }

    // Mixed, trailing, unknown

    @Test
    void symmetricAndHpkeKeysInOneKeysetAreRefused() throws Exception {
        refused(TinkKeysets.keyset(GOOD, TinkKeysets.hpke(2)));
        refused(TinkKeysets.keyset(TinkKeysets.hpke(2), GOOD));
    }

    @Test
    void trailingContentIsRefused() throws Exception {
        ByteString good = TinkKeysets.keyset(GOOD).toByteString();
        assertThat(accepted(TinkKeysets.keyset(GOOD)).keys()).hasSize(1);
        refused(good.concat(ByteString.copyFrom(new byte[] {0})));
        refused(good.concat(ByteString.copyFromUtf8("\n")));
        refused(good.concat(TinkKeysets.keyset(OTHER).toByteString()));
        refused(good.concat(ByteString.copyFrom(new byte[] {0x08, 0x01}))); // primary_key_id again
    }

    @Test
    void unknownFieldsAreRefusedWhereverTheyStand() throws Exception {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        refused(TinkKeysets.keyset(GOOD).toBuilder().setUnknownFields(unknown).build());
        refused(TinkKeysets.keyset(GOOD.toBuilder().setUnknownFields(unknown).build()));
        refused(TinkKeysets.keyset(GOOD.toBuilder()
                .setKeyData(GOOD.getKeyData().toBuilder().setUnknownFields(unknown))
                .build()));
        refused(TinkKeysets.keyset(GOOD.toBuilder()
                .setKeyData(GOOD.getKeyData().toBuilder()
                        .setValue(GOOD.getKeyData().getValue().concat(unknown.toByteString())))
                .build()));
    }

    @Test
    void newerKeyVersionIsRefused() throws Exception {
        refused(TinkKeysets.keyset(GOOD.toBuilder()
                .setKeyData(GOOD.getKeyData().toBuilder()
                        .setValue(ByteString.copyFrom(new byte[] {0x08, 0x01})
                                .concat(GOOD.getKeyData().getValue())))
                .build()));
    }

    @Test
    void bytesThatAreNoKeysetAreRefused() throws Exception {
        refused(ByteString.copyFromUtf8("{\"primaryKeyId\":1}"));
        refused(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5}));
        refused(TinkKeysets.keyset(GOOD).toByteString().substring(0, 40));
        com.google.crypto.tink.proto.EncryptedKeyset.Builder nested =
                com.google.crypto.tink.proto.EncryptedKeyset.newBuilder()
                        .setEncryptedKeyset(TinkKeysets.keyset(GOOD).toByteString());
        refused(nested.build().toByteString());
    }

    @Test
    void pinDoesNotSaveAKeysetThatThePolicyRefuses() throws Exception {
        EncryptedKeyset document =
                wrapped(TinkKeysets.keyset(with(GOOD, OutputPrefixType.RAW)).toByteString());
        String pin = accepted(TinkKeysets.keyset(GOOD)).fingerprint();
        Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(Accounts.keks(KMS), Set.of(pin), document));
    }
}
