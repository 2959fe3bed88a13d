// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.proto.AesCtrHmacAeadKey;
import com.google.crypto.tink.proto.AesCtrKey;
import com.google.crypto.tink.proto.AesCtrParams;
import com.google.crypto.tink.proto.AesGcmKey;
import com.google.crypto.tink.proto.HashType;
import com.google.crypto.tink.proto.HmacKey;
import com.google.crypto.tink.proto.HmacParams;
import com.google.crypto.tink.proto.HpkeAead;
import com.google.crypto.tink.proto.HpkeKdf;
import com.google.crypto.tink.proto.HpkeKem;
import com.google.crypto.tink.proto.HpkeParams;
import com.google.crypto.tink.proto.HpkePrivateKey;
import com.google.crypto.tink.proto.HpkePublicKey;
import com.google.crypto.tink.proto.KeyData;
import com.google.crypto.tink.proto.KeyData.KeyMaterialType;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.OutputPrefixType;
import com.google.crypto.tink.proto.XAesGcmKey;
import com.google.crypto.tink.proto.XAesGcmParams;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.security.GeneralSecurityException;

/** Keysets written key by key, as somebody who holds the KEK could, with whatever Podseal would not write. */
final class TinkKeysets {
    private static final String TYPE_URL = "type.googleapis.com/google.crypto.tink.";

    private TinkKeysets() {}

    /** Key bytes 00 01 02 …. */
    static ByteString bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return ByteString.copyFrom(bytes);
    }

    static KeyData data(String type, KeyMaterialType material, MessageLite key) {
        return KeyData.newBuilder()
                .setTypeUrl(TYPE_URL + type)
                .setKeyMaterialType(material)
                .setValue(key.toByteString())
                .build();
    }

    static Keyset.Key key(int id, KeyData data) {
        return Keyset.Key.newBuilder()
                .setKeyId(id)
                .setStatus(KeyStatusType.ENABLED)
                .setOutputPrefixType(OutputPrefixType.TINK)
                .setKeyData(data)
                .build();
    }

    static Keyset.Key aesGcm(int id, int keyBytes) {
        return key(
                id,
                data(
                        "AesGcmKey",
                        KeyMaterialType.SYMMETRIC,
                        AesGcmKey.newBuilder().setKeyValue(bytes(keyBytes)).build()));
    }

    static Keyset.Key xAesGcm(int id, int saltBytes) {
        return key(
                id,
                data(
                        "XAesGcmKey",
                        KeyMaterialType.SYMMETRIC,
                        XAesGcmKey.newBuilder()
                                .setParams(XAesGcmParams.newBuilder().setSaltSize(saltBytes))
                                .setKeyValue(bytes(32))
                                .build()));
    }

    static Keyset.Key aesCtrHmac(int id, int aesBytes, int ivBytes, int hmacBytes, int tagBytes, HashType hash) {
        return key(
                id,
                data(
                        "AesCtrHmacAeadKey",
                        KeyMaterialType.SYMMETRIC,
                        AesCtrHmacAeadKey.newBuilder()
                                .setAesCtrKey(AesCtrKey.newBuilder()
                                        .setParams(AesCtrParams.newBuilder().setIvSize(ivBytes))
                                        .setKeyValue(bytes(aesBytes)))
                                .setHmacKey(HmacKey.newBuilder()
                                        .setParams(HmacParams.newBuilder()
                                                .setHash(hash)
                                                .setTagSize(tagBytes))
                                        .setKeyValue(bytes(hmacBytes)))
                                .build()));
    }

    /** An HPKE key of the permitted type, whose parameters are then replaced by these. */
    static Keyset.Key hpke(int id, HpkeKem kem, HpkeKdf kdf, HpkeAead aead) {
        Keyset.Key good = of(Keysets.create(Accounts.API, KeyType.HPKE_X25519)).getKey(0);
        HpkePrivateKey key = hpkeKey(good);
        HpkePublicKey publicKey = key.getPublicKey().toBuilder()
                .setParams(HpkeParams.newBuilder().setKem(kem).setKdf(kdf).setAead(aead))
                .build();
        return key(
                id,
                data(
                        "HpkePrivateKey",
                        KeyMaterialType.ASYMMETRIC_PRIVATE,
                        key.toBuilder().setPublicKey(publicKey).build()));
    }

    static Keyset.Key hpke(int id) {
        return hpke(id, HpkeKem.DHKEM_X25519_HKDF_SHA256, HpkeKdf.HKDF_SHA256, HpkeAead.AES_256_GCM);
    }

    static HpkePrivateKey hpkeKey(Keyset.Key key) {
        try {
            return HpkePrivateKey.parseFrom(key.getKeyData().getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A keyset whose first key is its primary. */
    static Keyset keyset(Keyset.Key... keys) {
        Keyset.Builder keyset = Keyset.newBuilder().setPrimaryKeyId(keys[0].getKeyId());
        for (Keyset.Key key : keys) {
            keyset.addKey(key);
        }
        return keyset.build();
    }

    /** The keyset in the clear. */
    static Keyset of(TrustedKeyset keyset) {
        try {
            return Keyset.parseFrom(TinkProtoKeysetFormat.serializeKeyset(
                    keyset.handle(),
                    InsecureSecretKeyAccess.get(),
                    keyset.type().configuration()));
        } catch (GeneralSecurityException | InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
