// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What HPKE (RFC 9180, base mode, HKDF-SHA256, AES-256-GCM) makes of a plaintext under a given ephemeral key: no library lets
 * its caller give one, and a vector must come out the same each time.
 */
final class Hpke {
    static final int X25519 = 0x0020;
    static final int X_WING = 0x647a;

    private static final int KDF_HKDF_SHA256 = 1;
    private static final int AEAD_AES_256_GCM = 2;
    private static final byte[] BASE_POINT = Arrays.copyOf(new byte[] {9}, 32);

    private Hpke() {}

    static byte[] x25519PublicKey(byte[] privateKey) {
        return x25519(privateKey, BASE_POINT);
    }

    /** The encapsulated key and the ciphertext. */
    static byte[] sealToX25519(byte[] publicKey, byte[] ephemeralKey, byte[] info, byte[] plaintext) {
        byte[] encapsulated = x25519PublicKey(ephemeralKey);
        byte[] suite = join(ascii("KEM"), number(X25519));
        byte[] extracted = extract(suite, "eae_prk", x25519(ephemeralKey, publicKey));
        byte[] shared = expand(suite, extracted, "shared_secret", join(encapsulated, publicKey), 32);
        return join(encapsulated, encrypt(X25519, shared, info, plaintext));
    }

    static byte[] encrypt(int kem, byte[] sharedSecret, byte[] info, byte[] plaintext) {
        byte[] suite = join(ascii("HPKE"), number(kem), number(KDF_HKDF_SHA256), number(AEAD_AES_256_GCM));
        byte[] context =
                join(new byte[] {0}, extract(suite, "psk_id_hash", new byte[0]), extract(suite, "info_hash", info));
        byte[] secret = hmac(sharedSecret, join(ascii("HPKE-v1"), suite, ascii("secret")));
        return AesGcm.encrypt(
                expand(suite, secret, "key", context, 32),
                expand(suite, secret, "base_nonce", context, 12),
                plaintext,
                new byte[0]);
    }

    private static byte[] extract(byte[] suite, String label, byte[] input) {
        return hmac(new byte[32], join(ascii("HPKE-v1"), suite, ascii(label), input));
    }

    private static byte[] expand(byte[] suite, byte[] secret, String label, byte[] info, int length) {
        byte[] labelled = join(number(length), ascii("HPKE-v1"), suite, ascii(label), info);
        return Arrays.copyOf(hmac(secret, join(labelled, new byte[] {1})), length);
    }

    private static byte[] x25519(byte[] privateKey, byte[] publicKey) {
        try {
            KeyFactory factory = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
            agreement.doPhase(
                    factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, littleEndian(publicKey))),
                    true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }

    static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }
}
