// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AesCtrHmacAeadKey;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.XAesGcmKey;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;

/** The fingerprint of a keyset's enabled keys (specification, section 3): the same for its public and wrapped documents. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(KeysetHandle handle) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        sha256.update("podseal:v1:fingerprint".getBytes(StandardCharsets.US_ASCII));
        IntStream.range(0, handle.size())
                .mapToObj(handle::getAt)
                .filter(entry -> entry.getStatus() == KeyStatus.ENABLED)
                .sorted(Comparator.comparingLong(entry -> Integer.toUnsignedLong(entry.getId())))
                .forEach(entry -> add(sha256, entry));
        return "sha256:" + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
    }

    private static void add(MessageDigest sha256, KeysetHandle.Entry entry) {
        KeyType type = Objects.requireNonNull(KeyType.of(entry.getKey().getParameters()));
        sha256.update(ByteBuffer.allocate(4).putInt(entry.getId()).array());
        sha256.update(type.typeName().getBytes(StandardCharsets.US_ASCII));
        sha256.update((byte) 0);
        addMaterial(sha256, entry.getKey());
    }

    @AccessesPartialKey
    private static void addMaterial(MessageDigest sha256, Key key) {
        if (key instanceof AesGcmKey aesGcm) {
            addSecret(sha256, aesGcm.getKeyBytes());
        } else if (key instanceof XAesGcmKey xAesGcm) {
            addSecret(sha256, xAesGcm.getKeyBytes());
        } else if (key instanceof AesCtrHmacAeadKey aesCtrHmac) {
            addSecret(sha256, aesCtrHmac.getAesKeyBytes());
            addSecret(sha256, aesCtrHmac.getHmacKeyBytes());
        } else if (key instanceof HpkePrivateKey hpke) {
            sha256.update(hpke.getPublicKey().getPublicKeyBytes().toByteArray());
        } else if (key instanceof HpkePublicKey hpke) {
            sha256.update(hpke.getPublicKeyBytes().toByteArray());
        } else {
            throw new IllegalStateException("a key that the policy let pass has no fingerprint: " + key.getClass());
        }
    }

    private static void addSecret(MessageDigest sha256, SecretBytes secret) {
        byte[] material = secret.toByteArray(InsecureSecretKeyAccess.get());
        sha256.update(material);
        Arrays.fill(material, (byte) 0);
    }
}
