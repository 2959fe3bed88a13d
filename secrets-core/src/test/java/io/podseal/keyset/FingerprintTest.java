// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.proto.AesCtrHmacAeadKey;
import com.google.crypto.tink.proto.AesGcmKey;
import com.google.crypto.tink.proto.HashType;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.XAesGcmKey;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.podseal.testkit.FakeKms;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fingerprint, computed a second time here from the words of the specification's section 3. */
final class FingerprintTest {
    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    private static String recomputed(TrustedKeyset keyset) throws InvalidProtocolBufferException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes("podseal:v1:fingerprint".getBytes(US_ASCII));
        Keyset keys = TinkKeysets.of(keyset);
        Long[] ids = keys.getKeyList().stream()
                .filter(key -> key.getStatus() == KeyStatusType.ENABLED)
                .map(key -> key.getKeyId() & 0xffffffffL)
                .sorted()
                .toArray(Long[]::new);
        for (long id : ids) {
            Keyset.Key key = keys.getKeyList().stream()
                    .filter(k -> k.getKeyId() == (int) id)
                    .findFirst()
                    .orElseThrow();
            for (int shift = 24; shift >= 0; shift -= 8) {
                input.write((int) (id >> shift) & 0xff);
            }
            ByteString value = key.getKeyData().getValue();
            String type = key.getKeyData().getTypeUrl();
            if (type.endsWith(".AesGcmKey")) {
                ByteString material = AesGcmKey.parseFrom(value).getKeyValue();
                input.writeBytes((material.size() == 32 ? "aes256-gcm\0" : "aes128-gcm\0").getBytes(US_ASCII));
                input.writeBytes(material.toByteArray());
            } else if (type.endsWith(".XAesGcmKey")) {
                input.writeBytes("xaes256-gcm\0".getBytes(US_ASCII));
                input.writeBytes(XAesGcmKey.parseFrom(value).getKeyValue().toByteArray());
            } else if (type.endsWith(".AesCtrHmacAeadKey")) {
                AesCtrHmacAeadKey both = AesCtrHmacAeadKey.parseFrom(value);
                input.writeBytes("aes256-ctr-hmac\0".getBytes(US_ASCII));
                input.writeBytes(both.getAesCtrKey().getKeyValue().toByteArray());
                input.writeBytes(both.getHmacKey().getKeyValue().toByteArray());
            } else {
                ByteString material = TinkKeysets.hpkeKey(key).getPublicKey().getPublicKey();
                input.writeBytes((material.size() == 32 ? "hpke-x25519\0" : "hpke-xwing\0").getBytes(US_ASCII));
                input.writeBytes(material.toByteArray());
            }
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(input.toByteArray());
            return "sha256:" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void fingerprintIsWhatTheSpecificationSays(KeyType type) throws InvalidProtocolBufferException {
        TrustedKeyset keyset = Keysets.add(Keysets.add(Keysets.create(Accounts.API, type)));
        assertThat(keyset.fingerprint()).isEqualTo(recomputed(keyset)).matches("sha256:[-_A-Za-z0-9]{43}");
        TrustedKeyset disabled = Keysets.disable(keyset, keyset.keys().get(1).id());
        assertThat(disabled.fingerprint()).isEqualTo(recomputed(disabled));
    }

    @Test
    void idsAreOrderedAsUnsignedNumbers() throws Exception {
        TrustedKeyset keyset = new TrustedKeyset(
                Accounts.API,
                KeysetPolicy.parse(TinkKeysets.keyset(
                                TinkKeysets.aesGcm(-2, 32),
                                TinkKeysets.aesGcm(5, 16),
                                TinkKeysets.xAesGcm(0x7fffffff, 12),
                                TinkKeysets.aesCtrHmac(0x80000000, 32, 16, 32, 32, HashType.SHA256))
                        .toByteArray()));
        assertThat(keyset.fingerprint()).isEqualTo(recomputed(keyset));
    }

    @Test
    void publishedVector() {
        // The worked example of docs/spec/format-v1.md: one aes256-gcm key 00 01 02 … 1f with the id 0x2a.
        TrustedKeyset keyset = new TrustedKeyset(
                Accounts.API,
                KeysetPolicy.parse(
                        TinkKeysets.keyset(TinkKeysets.aesGcm(42, 32)).toByteArray()));
        assertThat(keyset.fingerprint()).isEqualTo("sha256:3KcuIhe0ZxzSNcQgxPo7wbA_98NRFSQQC8SXze8QBOk");
    }

    @ParameterizedTest
    @EnumSource(names = {"HPKE_X25519", "HPKE_XWING"})
    void publicAndWrappedDocumentHaveTheSameFingerprint(KeyType type) {
        FakeKms kms = new FakeKms("fake-kms://a");
        TrustedKeyset keyset = Keysets.add(Keysets.create(Accounts.API, type));
        assertThat(PublicKeyset.parse(keyset.publicKeyset().toJson()).fingerprint())
                .isEqualTo(keyset.fingerprint())
                .isEqualTo(Accounts.unwrap(kms, Keysets.wrap(keyset, Accounts.keks(kms)))
                        .fingerprint());
    }

    @Test
    void fingerprintFollowsTheEnabledKeysAndNotThePrimary() {
        TrustedKeyset one = Keysets.create(Accounts.API, KeyType.AES256_GCM);
        TrustedKeyset two = Keysets.add(one);
        long second = two.keys().get(1).id();
        assertThat(two.fingerprint()).isNotEqualTo(one.fingerprint());
        assertThat(Keysets.promote(two, second).fingerprint()).isEqualTo(two.fingerprint());
        assertThat(Keysets.disable(two, second).fingerprint()).isEqualTo(one.fingerprint());
        assertThat(Keysets.enable(Keysets.disable(two, second), second).fingerprint())
                .isEqualTo(two.fingerprint());
        assertThat(Keysets.remove(two, second).fingerprint()).isEqualTo(one.fingerprint());
    }
}
