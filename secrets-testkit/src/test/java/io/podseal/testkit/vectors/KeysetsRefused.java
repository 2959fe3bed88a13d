// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.testkit.vectors.Documents.API;
import static io.podseal.testkit.vectors.Documents.KEK_A;
import static io.podseal.testkit.vectors.Documents.keyset;
import static io.podseal.testkit.vectors.VectorFile.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.proto.AesCtrHmacAeadKey;
import com.google.crypto.tink.proto.AesEaxKey;
import com.google.crypto.tink.proto.AesEaxParams;
import com.google.crypto.tink.proto.AesGcmKey;
import com.google.crypto.tink.proto.AesGcmSivKey;
import com.google.crypto.tink.proto.AesSivKey;
import com.google.crypto.tink.proto.ChaCha20Poly1305Key;
import com.google.crypto.tink.proto.HashType;
import com.google.crypto.tink.proto.HmacKey;
import com.google.crypto.tink.proto.HmacParams;
import com.google.crypto.tink.proto.HpkeAead;
import com.google.crypto.tink.proto.HpkeKdf;
import com.google.crypto.tink.proto.HpkeKem;
import com.google.crypto.tink.proto.HpkeParams;
import com.google.crypto.tink.proto.HpkePrivateKey;
import com.google.crypto.tink.proto.HpkePublicKey;
import com.google.crypto.tink.proto.KeyData.KeyMaterialType;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.KmsAeadKey;
import com.google.crypto.tink.proto.KmsAeadKeyFormat;
import com.google.crypto.tink.proto.OutputPrefixType;
import com.google.crypto.tink.proto.XChaCha20Poly1305Key;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.podseal.keyset.KeyType;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Keysets that unwrap, and that this workload must not use: only who may use the KEK can have wrapped them. */
final class KeysetsRefused {
    private static final TestKey KEY = TestKey.AES256_GCM;
    private static final TestKey SECOND = new TestKey("aes256-gcm-second", KeyType.AES256_GCM, 2);
    private static final TestKey HPKE = TestKey.HPKE_X25519;

    private final VectorFile file = new VectorFile();

    static VectorFile file() {
        KeysetsRefused keysets = new KeysetsRefused();
        keysets.types();
        keysets.symmetricParameters();
        keysets.hpkeParameters();
        keysets.prefixes();
        keysets.statusesAndCounts();
        keysets.kinds();
        keysets.writing();
        keysets.documents();
        keysets.material();
        return keysets.file;
    }

    private Draft refused(String line, String id, String claim, byte[] keyset) {
        return file.draft("keyset", "keyset-refused-" + id, claim)
                .documents(text(Documents.of(API, keyset, KEK_A)))
                .reader(API, KEK_A)
                .refused(line, KEYSET_POLICY);
    }

    private Draft refused(String line, String id, String claim, Keyset.Key... keys) {
        return refused(line, id, claim, keyset(keys).toByteArray());
    }

    private void type(String id, String claim, String shortType, MessageLite key) {
        refused("K-01", id, claim, KEY.symmetric(shortType, key));
    }

    private void types() {
        refused(
                "K-01",
                "kms",
                "a key that points to a KMS",
                KEY.key(
                        "KmsAeadKey",
                        KeyMaterialType.REMOTE,
                        KmsAeadKey.newBuilder()
                                .setParams(KmsAeadKeyFormat.newBuilder().setKeyUri(KEK_A))
                                .build()));
        refused(
                "K-01",
                "kms-beside",
                "a key that points to a KMS, beside a good one and disabled",
                KEY.proto(),
                SECOND
                        .key(
                                "KmsEnvelopeAeadKey",
                                KeyMaterialType.REMOTE,
                                KmsAeadKey.newBuilder()
                                        .setParams(KmsAeadKeyFormat.newBuilder().setKeyUri("http://127.0.0.1:9/"))
                                        .build())
                        .toBuilder()
                        .setStatus(KeyStatusType.DISABLED)
                        .build());
        type("unknown-type", "a type that nobody knows", "RotThirteenKey", KEY.aesGcm(32));
        type(
                "chacha20-poly1305",
                "ChaCha20-Poly1305",
                "ChaCha20Poly1305Key",
                ChaCha20Poly1305Key.newBuilder().setKeyValue(KEY.secret(32)).build());
        type(
                "xchacha20-poly1305",
                "XChaCha20-Poly1305",
                "XChaCha20Poly1305Key",
                XChaCha20Poly1305Key.newBuilder().setKeyValue(KEY.secret(32)).build());
        type(
                "aes-gcm-siv",
                "AES-GCM-SIV",
                "AesGcmSivKey",
                AesGcmSivKey.newBuilder().setKeyValue(KEY.secret(32)).build());
        type(
                "aes-eax",
                "AES-EAX",
                "AesEaxKey",
                AesEaxKey.newBuilder()
                        .setParams(AesEaxParams.newBuilder().setIvSize(16))
                        .setKeyValue(KEY.secret(32))
                        .build());
        type(
                "aes-siv",
                "AES-SIV, which is deterministic",
                "AesSivKey",
                AesSivKey.newBuilder().setKeyValue(KEY.secret(64)).build());
        type(
                "mac",
                "a key that authenticates and does not encrypt",
                "HmacKey",
                HmacKey.newBuilder()
                        .setParams(
                                HmacParams.newBuilder().setHash(HashType.SHA256).setTagSize(32))
                        .setKeyValue(KEY.secret(32))
                        .build());
        refused(
                "K-01",
                "ecies",
                "ECIES",
                HPKE.key("EciesAeadHkdfPrivateKey", KeyMaterialType.ASYMMETRIC_PRIVATE, HPKE.hpkePrivate()));
        Keyset.Key good = KEY.proto();
        refused(
                "K-01",
                "type-url-host",
                "a type URL of another host",
                good.toBuilder()
                        .setKeyData(good.getKeyData().toBuilder()
                                .setTypeUrl("type.example.com/google.crypto.tink.AesGcmKey"))
                        .build());
        refused(
                "K-01",
                "type-url-short",
                "a type URL without its host",
                good.toBuilder()
                        .setKeyData(good.getKeyData().toBuilder().setTypeUrl("google.crypto.tink.AesGcmKey"))
                        .build());
    }

    private void symmetricParameters() {
        for (int bytes : new int[] {0, 8, 15, 17, 24, 31, 33, 64}) {
            refused(
                    "K-02",
                    "aes-gcm-" + bytes,
                    "AES-GCM with a key of " + bytes + " bytes",
                    KEY.symmetric("AesGcmKey", KEY.aesGcm(bytes)));
        }
        TestKey xaes = TestKey.XAES256_GCM;
        for (int salt : new int[] {0, 8, 11, 13}) {
            refused(
                    "K-02",
                    "xaes-salt-" + salt,
                    "XAES-256-GCM with a salt of " + salt + " bytes",
                    xaes.symmetric("XAesGcmKey", xaes.xAesGcm(salt)));
        }
        for (int bytes : new int[] {16, 31, 33}) {
            refused(
                    "K-02",
                    "xaes-key-" + bytes,
                    "XAES-256-GCM with a key of " + bytes + " bytes",
                    xaes.symmetric(
                            "XAesGcmKey",
                            xaes.xAesGcm(12).toBuilder()
                                    .setKeyValue(xaes.secret(bytes))
                                    .build()));
        }
        ctrHmac("aes-16", "AES-CTR with a key of 16 bytes", 16, 16, 32, 32, HashType.SHA256);
        ctrHmac("aes-24", "AES-CTR with a key of 24 bytes", 24, 16, 32, 32, HashType.SHA256);
        ctrHmac("iv-12", "AES-CTR with an IV of 12 bytes", 32, 12, 32, 32, HashType.SHA256);
        ctrHmac("iv-15", "AES-CTR with an IV of 15 bytes", 32, 15, 32, 32, HashType.SHA256);
        ctrHmac("hmac-16", "HMAC with a key of 16 bytes", 32, 16, 16, 32, HashType.SHA256);
        ctrHmac("hmac-31", "HMAC with a key of 31 bytes", 32, 16, 31, 32, HashType.SHA256);
        ctrHmac("hmac-33", "HMAC with a key of 33 bytes", 32, 16, 33, 32, HashType.SHA256);
        ctrHmac("tag-10", "a tag of 10 bytes", 32, 16, 32, 10, HashType.SHA256);
        ctrHmac("tag-16", "a tag of 16 bytes", 32, 16, 32, 16, HashType.SHA256);
        ctrHmac("tag-31", "a tag of 31 bytes", 32, 16, 32, 31, HashType.SHA256);
        ctrHmac("tag-33", "a tag longer than the hash", 32, 16, 32, 33, HashType.SHA256);
        ctrHmac("sha1", "SHA-1", 32, 16, 32, 20, HashType.SHA1);
        ctrHmac("sha224", "SHA-224", 32, 16, 32, 28, HashType.SHA224);
        ctrHmac("sha384", "SHA-384", 32, 16, 32, 32, HashType.SHA384);
        ctrHmac("sha512", "SHA-512", 32, 16, 32, 32, HashType.SHA512);
        ctrHmac("hash-unknown", "a hash that is not named", 32, 16, 32, 32, HashType.UNKNOWN_HASH);
    }

    private void ctrHmac(String id, String claim, int aes, int iv, int hmac, int tag, HashType hash) {
        TestKey key = TestKey.AES256_CTR_HMAC;
        refused(
                "K-02",
                "ctr-hmac-" + id,
                claim,
                key.symmetric("AesCtrHmacAeadKey", key.aesCtrHmac(aes, iv, hmac, tag, hash)));
    }

    private void hpkeParameters() {
        for (HpkeKem kem : List.of(
                HpkeKem.KEM_UNKNOWN,
                HpkeKem.DHKEM_P256_HKDF_SHA256,
                HpkeKem.DHKEM_P384_HKDF_SHA384,
                HpkeKem.DHKEM_P521_HKDF_SHA512,
                HpkeKem.ML_KEM768,
                HpkeKem.ML_KEM1024)) {
            hpke(kem.name(), kem, HpkeKdf.HKDF_SHA256, HpkeAead.AES_256_GCM);
        }
        for (HpkeKdf kdf : List.of(HpkeKdf.KDF_UNKNOWN, HpkeKdf.HKDF_SHA384, HpkeKdf.HKDF_SHA512)) {
            hpke(kdf.name(), HpkeKem.DHKEM_X25519_HKDF_SHA256, kdf, HpkeAead.AES_256_GCM);
        }
        for (HpkeAead aead : List.of(HpkeAead.AEAD_UNKNOWN, HpkeAead.AES_128_GCM, HpkeAead.CHACHA20_POLY1305)) {
            hpke(aead.name(), HpkeKem.DHKEM_X25519_HKDF_SHA256, HpkeKdf.HKDF_SHA256, aead);
        }
        hpke("xwing-aes128", HpkeKem.X_WING, HpkeKdf.HKDF_SHA256, HpkeAead.AES_128_GCM);
        hpke("xwing-sha384", HpkeKem.X_WING, HpkeKdf.HKDF_SHA384, HpkeAead.AES_256_GCM);
    }

    private void hpke(String name, HpkeKem kem, HpkeKdf kdf, HpkeAead aead) {
        TestKey key = kem == HpkeKem.X_WING ? TestKey.HPKE_XWING : HPKE;
        HpkePublicKey publicKey = key.hpkePublic().toBuilder()
                .setParams(HpkeParams.newBuilder().setKem(kem).setKdf(kdf).setAead(aead))
                .build();
        refused(
                "K-03",
                "hpke-" + name.toLowerCase(Locale.ROOT).replace('_', '-'),
                "an HPKE suite with " + name,
                key.hpke(key.hpkePrivate().toBuilder().setPublicKey(publicKey).build()));
    }

    private void prefixes() {
        for (OutputPrefixType prefix : List.of(
                OutputPrefixType.UNKNOWN_PREFIX,
                OutputPrefixType.LEGACY,
                OutputPrefixType.RAW,
                OutputPrefixType.CRUNCHY,
                OutputPrefixType.WITH_ID_REQUIREMENT)) {
            String name = prefix.name().toLowerCase(Locale.ROOT).replace('_', '-');
            refused(
                    "K-04",
                    "prefix-" + name,
                    "the output prefix " + prefix.name(),
                    KEY.proto().toBuilder().setOutputPrefixType(prefix).build());
        }
        refused(
                "K-04",
                "prefix-raw-behind",
                "RAW, behind a good key and disabled",
                KEY.proto(),
                SECOND.proto().toBuilder()
                        .setOutputPrefixType(OutputPrefixType.RAW)
                        .setStatus(KeyStatusType.DISABLED)
                        .build());
        refused(
                "K-04",
                "prefix-raw-hpke",
                "RAW for an HPKE key",
                HPKE.proto().toBuilder()
                        .setOutputPrefixType(OutputPrefixType.RAW)
                        .build());
        refused(
                "K-04",
                "prefix-99",
                "an output prefix that nobody knows",
                KEY.proto().toBuilder().setOutputPrefixTypeValue(99).build());
    }

    private static Keyset.Key with(TestKey key, KeyStatusType status) {
        return key.proto().toBuilder().setStatus(status).build();
    }

    private void statusesAndCounts() {
        refused(
                "K-05",
                "duplicate-id",
                "one id for two keys",
                KEY.proto(),
                new TestKey("b", KEY.type(), KEY.id()).proto());
        refused("K-05", "duplicate-key", "one key twice", KEY.proto(), KEY.proto());
        refused(
                "K-05",
                "duplicate-id-disabled",
                "one id for two keys, also where one is disabled",
                KEY.proto(),
                with(new TestKey("b", KEY.type(), KEY.id()), KeyStatusType.DISABLED));
        refused(
                "K-06",
                "no-key",
                "no key",
                Keyset.newBuilder().setPrimaryKeyId(1).build().toByteArray());
        refused(
                "K-06",
                "33-keys",
                "33 keys",
                IntStream.rangeClosed(1, 33)
                        .mapToObj(id -> new TestKey("of 33, " + id, KeyType.AES256_GCM, id).proto())
                        .toArray(Keyset.Key[]::new));
        refused("K-07", "destroyed", "a destroyed key", KEY.proto(), with(SECOND, KeyStatusType.DESTROYED));
        refused(
                "K-07",
                "destroyed-without-data",
                "a destroyed key without its data, as Tink leaves it",
                KEY.proto(),
                with(SECOND, KeyStatusType.DESTROYED).toBuilder().clearKeyData().build());
        refused(
                "K-07",
                "status-unknown",
                "a status that is not named",
                KEY.proto(),
                with(SECOND, KeyStatusType.UNKNOWN_STATUS));
        refused(
                "K-07",
                "status-99",
                "a status that nobody knows",
                KEY.proto(),
                SECOND.proto().toBuilder().setStatusValue(99).build());
        refused(
                "K-08",
                "primary-absent",
                "a primary that is not in the keyset",
                keyset(KEY.proto()).toBuilder().setPrimaryKeyId(3).build().toByteArray());
        refused(
                "K-08",
                "primary-none",
                "no primary named",
                keyset(KEY.proto()).toBuilder().clearPrimaryKeyId().build().toByteArray());
        refused("K-08", "primary-disabled", "a disabled primary", with(KEY, KeyStatusType.DISABLED), SECOND.proto());
        refused("K-08", "all-disabled", "no enabled key", with(KEY, KeyStatusType.DISABLED));
    }

    private void kinds() {
        refused("K-09", "mixed", "symmetric and HPKE keys together", KEY.proto(), HPKE.proto());
        refused(
                "K-09",
                "mixed-disabled",
                "also where one of them is disabled",
                KEY.proto(),
                with(HPKE, KeyStatusType.DISABLED));
        refused("K-10", "public", "a public key where a private one belongs", HPKE.publicProto());
        refused("K-10", "public-xwing", "a public key of X-Wing", TestKey.HPKE_XWING.publicProto());
        refused(
                "K-10",
                "public-behind",
                "a public key behind a private one",
                HPKE.proto(),
                new TestKey("x", HPKE.type(), 5).publicProto());
        for (KeyMaterialType material : List.of(
                KeyMaterialType.UNKNOWN_KEYMATERIAL,
                KeyMaterialType.ASYMMETRIC_PRIVATE,
                KeyMaterialType.ASYMMETRIC_PUBLIC,
                KeyMaterialType.REMOTE)) {
            refused(
                    "K-10",
                    "material-" + material.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "an AES key that calls itself " + material.name(),
                    KEY.key("AesGcmKey", material, KEY.aesGcm(32)));
        }
        refused(
                "K-10",
                "material-symmetric-hpke",
                "an HPKE key that calls itself SYMMETRIC",
                HPKE.key("HpkePrivateKey", KeyMaterialType.SYMMETRIC, HPKE.hpkePrivate()));
    }

    private static byte[] append(byte[] bytes, String hex) {
        return Hpke.join(bytes, HexFormat.of().parseHex(hex));
    }

    private static Keyset.Key valued(Keyset.Key key, UnaryOperator<byte[]> change) {
        byte[] value = change.apply(key.getKeyData().getValue().toByteArray());
        return key.toBuilder()
                .setKeyData(key.getKeyData().toBuilder().setValue(ByteString.copyFrom(value)))
                .build();
    }

    private void writing() {
        byte[] good = keyset(KEY.proto()).toByteArray();
        refused("K-11", "trailing-zero", "a zero byte behind the keyset", append(good, "00"));
        refused("K-11", "trailing-text", "text behind the keyset", append(good, "7b7d"));
        refused("K-11", "unknown-field", "an unknown field in the keyset", append(good, "9a0600"));
        refused("K-11", "cut", "a keyset without its last byte", Arrays.copyOf(good, good.length - 1));
        refused("K-11", "garbage", "bytes that are no keyset", HexFormat.of().parseHex("ffffffffffffffff"));
        refused(
                "K-11",
                "json",
                "a keyset written as JSON",
                Documents.json(keyset(KEY.proto())).getBytes(UTF_8));
        refused(
                "K-11",
                "primary-twice",
                "a field that stands twice, of which parsers take the last",
                append(good, "08" + varint(KEY.id())));
        refused("K-11", "varint-long", "a number written longer than it must be", longVarint());
        refused(
                "K-11",
                "key-before-primary",
                "fields in another order",
                Hpke.join(
                        keyset(KEY.proto()).toBuilder()
                                .clearPrimaryKeyId()
                                .build()
                                .toByteArray(),
                        HexFormat.of().parseHex("08" + varint(KEY.id()))));
        refused(
                "K-11",
                "unknown-field-in-key",
                "an unknown field inside a key's value",
                valued(KEY.proto(), value -> append(value, "9a0600")));
        refused(
                "K-11",
                "trailing-in-key",
                "a zero byte behind a key's value",
                valued(KEY.proto(), value -> append(value, "00")));
        refused(
                "K-11",
                "key-value-twice",
                "key bytes that stand twice, of which parsers take the last",
                valued(
                        KEY.proto(),
                        value -> Hpke.join(
                                new TestKey("twin", KEY.type(), 1).aesGcm(32).toByteArray(), value)));
        refused(
                "K-11",
                "default-written",
                "a default that Tink leaves out, written",
                valued(KEY.proto(), value -> Hpke.join(HexFormat.of().parseHex("0800"), value)));
        refused(
                "K-12",
                "version-aes-gcm",
                "an AES-GCM key of version 1",
                KEY.symmetric(
                        "AesGcmKey",
                        AesGcmKey.newBuilder()
                                .setVersion(1)
                                .setKeyValue(KEY.secret(32))
                                .build()));
        TestKey xaes = TestKey.XAES256_GCM;
        refused(
                "K-12",
                "version-xaes",
                "an XAES-256-GCM key of version 1",
                xaes.symmetric(
                        "XAesGcmKey", xaes.xAesGcm(12).toBuilder().setVersion(1).build()));
        TestKey ctr = TestKey.AES256_CTR_HMAC;
        AesCtrHmacAeadKey both = ctr.aesCtrHmac(32, 16, 32, 32, HashType.SHA256);
        refused(
                "K-12",
                "version-ctr-hmac",
                "an AES-CTR-HMAC key of version 1",
                ctr.symmetric(
                        "AesCtrHmacAeadKey", both.toBuilder().setVersion(1).build()));
        refused(
                "K-12",
                "version-ctr",
                "an AES-CTR key of version 1 inside one",
                ctr.symmetric(
                        "AesCtrHmacAeadKey",
                        both.toBuilder()
                                .setAesCtrKey(both.getAesCtrKey().toBuilder().setVersion(1))
                                .build()));
        refused(
                "K-12",
                "version-hmac",
                "an HMAC key of version 1 inside one",
                ctr.symmetric(
                        "AesCtrHmacAeadKey",
                        both.toBuilder()
                                .setHmacKey(both.getHmacKey().toBuilder().setVersion(1))
                                .build()));
        HpkePrivateKey hpke = HPKE.hpkePrivate();
        refused(
                "K-12",
                "version-hpke-private",
                "an HPKE private key of version 1",
                HPKE.hpke(hpke.toBuilder().setVersion(1).build()));
        refused(
                "K-12",
                "version-hpke-public",
                "an HPKE public key of version 1 inside one",
                HPKE.hpke(hpke.toBuilder()
                        .setPublicKey(hpke.getPublicKey().toBuilder().setVersion(1))
                        .build()));
    }

    private static String varint(int value) {
        StringBuilder hex = new StringBuilder();
        long rest = Integer.toUnsignedLong(value);
        for (; rest > 0x7f; rest >>>= 7) {
            hex.append(String.format("%02x", rest & 0x7f | 0x80));
        }
        return hex.append(String.format("%02x", rest)).toString();
    }

    /** The primary's id, 1, as two bytes. */
    private static byte[] longVarint() {
        byte[] rest = keyset(TestKey.AES128_GCM.proto()).toBuilder()
                .clearPrimaryKeyId()
                .build()
                .toByteArray();
        return Hpke.join(HexFormat.of().parseHex("088100"), rest);
    }

    private void documents() {
        TestKey twin = new TestKey("twin", KEY.type(), KEY.id());
        for (KeyStatusType status : List.of(KeyStatusType.ENABLED, KeyStatusType.DISABLED)) {
            Keyset.Key[] other = status == KeyStatusType.ENABLED
                    ? new Keyset.Key[] {twin.proto()}
                    : new Keyset.Key[] {SECOND.proto(), with(twin, status)};
            file.draft(
                            "keyset",
                            "keyset-refused-two-keys-of-one-id" + (status == KeyStatusType.ENABLED ? "" : "-disabled"),
                            "one id for two keys in two documents"
                                    + (status == KeyStatusType.ENABLED ? "" : ", also where one is disabled"))
                    .documents(
                            text(Documents.of(KEY)),
                            text(Documents.of(API, keyset(other).toByteArray(), KEK_A)))
                    .reader(API, KEK_A)
                    .refused("K-13", KEYSET_POLICY);
        }
        TestKey xaes = new TestKey(KEY.name(), KeyType.XAES256_GCM, KEY.id());
        file.draft("keyset", "keyset-refused-two-types-of-one-id", "one id for the same bytes as keys of two types")
                .documents(text(Documents.of(KEY)), text(Documents.of(xaes)))
                .reader(API, KEK_A)
                .refused("K-13", KEYSET_POLICY);
        file.draft("keyset", "keyset-refused-second-document", "one keyset that is not allowed refuses them all")
                .documents(
                        text(Documents.of(KEY)),
                        text(Documents.of(
                                API,
                                keyset(SECOND.symmetric("AesGcmKey", SECOND.aesGcm(24)))
                                        .toByteArray(),
                                KEK_A)))
                .reader(API, KEK_A)
                .refused("K-02", KEYSET_POLICY);
    }

    private void material() {
        HpkePrivateKey hpke = HPKE.hpkePrivate();
        ByteString other = ByteString.copyFrom(new TestKey("other", HPKE.type(), 1).publicKey());
        refused(
                "K-14",
                "hpke-pair",
                "an HPKE private key with another key's public key",
                HPKE.hpke(hpke.toBuilder()
                        .setPublicKey(hpke.getPublicKey().toBuilder().setPublicKey(other))
                        .build()));
        refused(
                "K-14",
                "hpke-private-31",
                "an HPKE private key of 31 bytes",
                HPKE.hpke(hpke.toBuilder().setPrivateKey(HPKE.secret(31)).build()));
        refused(
                "K-14",
                "hpke-private-33",
                "an HPKE private key of 33 bytes",
                HPKE.hpke(hpke.toBuilder().setPrivateKey(HPKE.secret(33)).build()));
        refused(
                "K-14",
                "hpke-public-31",
                "an HPKE public key of 31 bytes",
                HPKE.hpke(hpke.toBuilder()
                        .setPublicKey(hpke.getPublicKey().toBuilder().setPublicKey(other.substring(1)))
                        .build()));
        refused(
                "K-14",
                "hpke-no-public",
                "an HPKE private key without its public key",
                HPKE.hpke(hpke.toBuilder().clearPublicKey().build()));
        HpkePrivateKey xwing = TestKey.HPKE_XWING.hpkePrivate();
        for (int at : new int[] {100, 1215}) {
            byte[] changed = xwing.getPublicKey().getPublicKey().toByteArray();
            changed[at] ^= 1;
            refused(
                            "K-14",
                            "xwing-pair-" + at,
                            "an X-Wing private key with another public key, which differs in byte " + at,
                            TestKey.HPKE_XWING.hpke(xwing.toBuilder()
                                    .setPublicKey(
                                            xwing.getPublicKey().toBuilder().setPublicKey(ByteString.copyFrom(changed)))
                                    .build()))
                    .flag("needsXWing");
        }
        ByteString publicKey = xwing.getPublicKey().getPublicKey();
        refused(
                "K-14",
                "xwing-public-1215",
                "an X-Wing public key of 1,215 bytes",
                TestKey.HPKE_XWING.hpke(xwing.toBuilder()
                        .setPublicKey(xwing.getPublicKey().toBuilder().setPublicKey(publicKey.substring(1)))
                        .build()));
        refused(
                "K-14",
                "xwing-private-31",
                "an X-Wing private key of 31 bytes",
                TestKey.HPKE_XWING.hpke(xwing.toBuilder()
                        .setPrivateKey(TestKey.HPKE_XWING.secret(31))
                        .build()));
    }
}
