// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Seals for the vectors, with nonces that follow from what is sealed. */
final class Sealing {
    static final String PREFIX = "podseal:v1:";

    private Sealing() {}

    /** The token of a plaintext under a header, which need not be one of the grammar. */
    static String token(TestKey key, String header, byte[] plaintext) {
        return header + ":" + encode(payload(key, header, plaintext));
    }

    static String token(TestKey key, String header, String plaintext) {
        return token(key, header, plaintext.getBytes(UTF_8));
    }

    static String encode(byte[] payload) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
    }

    static byte[] payload(TestKey key, String header, byte[] plaintext) {
        byte[] associatedData = header.getBytes(UTF_8);
        byte[] content = switch (key.type()) {
            case AES256_GCM -> aesGcm(key.material(32), associatedData, plaintext);
            case AES128_GCM -> aesGcm(key.material(16), associatedData, plaintext);
            case XAES256_GCM -> xAesGcm(key.material(32), associatedData, plaintext);
            case AES256_CTR_HMAC -> aesCtrHmac(key.material(64), associatedData, plaintext);
            case HPKE_X25519 ->
                Hpke.sealToX25519(
                        key.publicKey(),
                        nonce(32, key.material(32), associatedData, plaintext),
                        associatedData,
                        plaintext);
            case HPKE_XWING -> XWing.seal(associatedData, plaintext);
        };
        return Hpke.join(prefix(key.id()), content);
    }

    /** Tink's prefix. */
    static byte[] prefix(int keyId) {
        return ByteBuffer.allocate(5).put((byte) 1).putInt(keyId).array();
    }

    static byte[] aesGcm(byte[] key, byte[] associatedData, byte[] plaintext) {
        byte[] iv = nonce(12, key, associatedData, plaintext);
        return Hpke.join(iv, AesGcm.encrypt(key, iv, plaintext, associatedData));
    }

    private static byte[] xAesGcm(byte[] key, byte[] associatedData, byte[] plaintext) {
        byte[] nonce = nonce(24, key, associatedData, plaintext);
        byte[] salt = Arrays.copyOf(nonce, 12);
        byte[] iv = Arrays.copyOfRange(nonce, 12, 24);
        return Hpke.join(nonce, AesGcm.encrypt(xAesKey(key, salt), iv, plaintext, associatedData));
    }

    /** Two blocks of CMAC over a counter, 'X', 0 and the salt (C2SP's XAES-256-GCM). */
    private static byte[] xAesKey(byte[] key, byte[] salt) {
        byte[] subkey = encrypted("AES/ECB/NoPadding", key, null, new byte[16]);
        int carry = (subkey[0] & 0x80) == 0 ? 0 : 0x87;
        for (int i = 0; i < 16; i++) {
            subkey[i] = (byte) (subkey[i] << 1 | (i < 15 ? (subkey[i + 1] & 0xff) >> 7 : 0));
        }
        subkey[15] = (byte) (subkey[15] ^ carry);
        byte[] derived = new byte[0];
        for (byte counter = 1; counter <= 2; counter++) {
            byte[] block = Hpke.join(new byte[] {0, counter, 'X', 0}, salt);
            for (int i = 0; i < 16; i++) {
                block[i] = (byte) (block[i] ^ subkey[i]);
            }
            derived = Hpke.join(derived, encrypted("AES/ECB/NoPadding", key, null, block));
        }
        return derived;
    }

    private static byte[] aesCtrHmac(byte[] keys, byte[] associatedData, byte[] plaintext) {
        byte[] iv = nonce(16, keys, associatedData, plaintext);
        byte[] ciphertext = Hpke.join(iv, encrypted("AES/CTR/NoPadding", Arrays.copyOf(keys, 32), iv, plaintext));
        byte[] bits = ByteBuffer.allocate(8).putLong(associatedData.length * 8L).array();
        return Hpke.join(
                ciphertext, Hpke.hmac(Arrays.copyOfRange(keys, 32, 64), Hpke.join(associatedData, ciphertext, bits)));
    }

    private static byte[] encrypted(String cipher, byte[] key, byte @Nullable [] iv, byte[] in) {
        try {
            Cipher aes = Cipher.getInstance(cipher);
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), iv == null ? null : new IvParameterSpec(iv));
            return aes.doFinal(in);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    /** Differs wherever anything that it is used with does. */
    static byte[] nonce(int bytes, byte[]... of) {
        byte[] lengths = new byte[0];
        for (byte[] part : of) {
            lengths = Hpke.join(
                    lengths, ByteBuffer.allocate(4).putInt(part.length).array());
        }
        byte[] digest = Derived.sha256(Hpke.join(lengths, Hpke.join(of)));
        return Derived.bytes("nonce " + HexFormat.of().formatHex(digest), bytes);
    }
}
