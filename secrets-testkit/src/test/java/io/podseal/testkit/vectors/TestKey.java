// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

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
import com.google.protobuf.MessageLite;
import io.podseal.keyset.KeyType;

/** A key of the vectors: its material follows from its name. */
record TestKey(String name, KeyType type, int id) {
    static final TestKey AES256_GCM = new TestKey("aes256-gcm", KeyType.AES256_GCM, 0xaabbccdd);
    static final TestKey AES128_GCM = new TestKey("aes128-gcm", KeyType.AES128_GCM, 1);
    static final TestKey XAES256_GCM = new TestKey("xaes256-gcm", KeyType.XAES256_GCM, 0x7fffffff);
    static final TestKey AES256_CTR_HMAC = new TestKey("aes256-ctr-hmac", KeyType.AES256_CTR_HMAC, 0xffffffff);
    static final TestKey HPKE_X25519 = new TestKey("hpke-x25519", KeyType.HPKE_X25519, 0x80000000);
    static final TestKey HPKE_XWING = new TestKey("hpke-xwing", KeyType.HPKE_XWING, 0x01020304);

    private static final String TYPE_URL = "type.googleapis.com/google.crypto.tink.";

    /** The one key of that type. */
    static TestKey of(KeyType type) {
        return switch (type) {
            case AES256_GCM -> AES256_GCM;
            case AES128_GCM -> AES128_GCM;
            case XAES256_GCM -> XAES256_GCM;
            case AES256_CTR_HMAC -> AES256_CTR_HMAC;
            case HPKE_X25519 -> HPKE_X25519;
            case HPKE_XWING -> HPKE_XWING;
        };
    }

    byte[] material(int bytes) {
        return Derived.bytes("key " + name, bytes);
    }

    ByteString secret(int bytes) {
        return ByteString.copyFrom(material(bytes));
    }

    byte[] publicKey() {
        return type == KeyType.HPKE_XWING ? XWing.publicKey() : Hpke.x25519PublicKey(material(32));
    }

    /** The key as Tink writes it, enabled. */
    Keyset.Key proto() {
        return switch (type) {
            case AES256_GCM -> symmetric("AesGcmKey", aesGcm(32));
            case AES128_GCM -> symmetric("AesGcmKey", aesGcm(16));
            case XAES256_GCM -> symmetric("XAesGcmKey", xAesGcm(12));
            case AES256_CTR_HMAC -> symmetric("AesCtrHmacAeadKey", aesCtrHmac(32, 16, 32, 32, HashType.SHA256));
            case HPKE_X25519, HPKE_XWING -> hpke(hpkePrivate());
        };
    }

    Keyset.Key hpke(HpkePrivateKey key) {
        return key("HpkePrivateKey", KeyMaterialType.ASYMMETRIC_PRIVATE, key);
    }

    Keyset.Key publicProto() {
        return key("HpkePublicKey", KeyMaterialType.ASYMMETRIC_PUBLIC, hpkePublic());
    }

    Keyset.Key symmetric(String shortType, MessageLite key) {
        return key(shortType, KeyMaterialType.SYMMETRIC, key);
    }

    Keyset.Key key(String shortType, KeyMaterialType material, MessageLite key) {
        return Keyset.Key.newBuilder()
                .setKeyId(id)
                .setStatus(KeyStatusType.ENABLED)
                .setOutputPrefixType(OutputPrefixType.TINK)
                .setKeyData(KeyData.newBuilder()
                        .setTypeUrl(TYPE_URL + shortType)
                        .setKeyMaterialType(material)
                        .setValue(key.toByteString()))
                .build();
    }

    AesGcmKey aesGcm(int bytes) {
        return AesGcmKey.newBuilder().setKeyValue(secret(bytes)).build();
    }

    XAesGcmKey xAesGcm(int saltBytes) {
        return XAesGcmKey.newBuilder()
                .setParams(XAesGcmParams.newBuilder().setSaltSize(saltBytes))
                .setKeyValue(secret(32))
                .build();
    }

    AesCtrHmacAeadKey aesCtrHmac(int aesBytes, int ivBytes, int hmacBytes, int tagBytes, HashType hash) {
        byte[] material = material(aesBytes + hmacBytes);
        return AesCtrHmacAeadKey.newBuilder()
                .setAesCtrKey(AesCtrKey.newBuilder()
                        .setParams(AesCtrParams.newBuilder().setIvSize(ivBytes))
                        .setKeyValue(ByteString.copyFrom(material, 0, aesBytes)))
                .setHmacKey(HmacKey.newBuilder()
                        .setParams(HmacParams.newBuilder().setHash(hash).setTagSize(tagBytes))
                        .setKeyValue(ByteString.copyFrom(material, aesBytes, hmacBytes)))
                .build();
    }

    HpkePrivateKey hpkePrivate() {
        return HpkePrivateKey.newBuilder()
                .setPublicKey(hpkePublic())
                .setPrivateKey(secret(32))
                .build();
    }

    HpkePublicKey hpkePublic() {
        HpkeKem kem = type == KeyType.HPKE_XWING ? HpkeKem.X_WING : HpkeKem.DHKEM_X25519_HKDF_SHA256;
        return HpkePublicKey.newBuilder()
                .setParams(HpkeParams.newBuilder()
                        .setKem(kem)
                        .setKdf(HpkeKdf.HKDF_SHA256)
                        .setAead(HpkeAead.AES_256_GCM))
                .setPublicKey(ByteString.copyFrom(publicKey()))
                .build();
    }
}
