// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/**
 * The wrapped bytes of the specification's section 5: a length of 2 bytes, a random AES key under RSA-OAEP-256, a nonce, and
 * the keyset under that AES key with the associated data.
 */
final class RsaEnvelope {
    static final int KEY_BYTES = 32;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    /** What 2048, 3072 and 4096 bits give; the vault has no other RSA keys. */
    private static final Set<Integer> WRAPPED_KEY_BYTES = Set.of(256, 384, 512);
    /** The name OAEPWithSHA-256AndMGF1Padding alone would mean MGF1 with SHA-1, which the vault refuses. */
    private static final OAEPParameterSpec OAEP_256 =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private final byte[] wrappedKey;
    private final byte[] nonce;
    private final byte[] ciphertext;

    private RsaEnvelope(byte[] wrappedKey, byte[] nonce, byte[] ciphertext) {
        this.wrappedKey = wrappedKey;
        this.nonce = nonce;
        this.ciphertext = ciphertext;
    }

    static RsaEnvelope seal(PublicKey publicKey, byte[] keyset, byte[] associatedData) throws GeneralSecurityException {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        try {
            Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
            rsa.init(Cipher.ENCRYPT_MODE, publicKey, OAEP_256);
            return new RsaEnvelope(
                    rsa.doFinal(key), nonce, aes(Cipher.ENCRYPT_MODE, key, nonce, keyset, associatedData));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** What the vault is asked to unwrap; not a copy. */
    byte[] wrappedKey() {
        return wrappedKey;
    }

    byte[] open(byte[] key, byte[] associatedData) throws GeneralSecurityException {
        try {
            return aes(Cipher.DECRYPT_MODE, key, nonce, ciphertext, associatedData);
        } catch (AEADBadTagException e) {
            throw altered();
        }
    }

    private static byte[] aes(int mode, byte[] key, byte[] nonce, byte[] in, byte[] associatedData)
            throws GeneralSecurityException {
        Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
        aes.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
        aes.updateAAD(associatedData);
        return aes.doFinal(in);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(2 + wrappedKey.length + nonce.length + ciphertext.length)
                .putShort((short) wrappedKey.length)
                .put(wrappedKey)
                .put(nonce)
                .put(ciphertext)
                .array();
    }

    static RsaEnvelope parse(byte[] wrapped) {
        ByteBuffer in = ByteBuffer.wrap(wrapped);
        int keyBytes = wrapped.length < 2 ? 0 : Short.toUnsignedInt(in.getShort());
        if (!WRAPPED_KEY_BYTES.contains(keyBytes) || in.remaining() <= keyBytes + NONCE_BYTES + TAG_BYTES) {
            throw altered();
        }
        byte[] wrappedKey = new byte[keyBytes];
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(wrappedKey).get(nonce);
        byte[] ciphertext = new byte[in.remaining()];
        in.get(ciphertext);
        return new RsaEnvelope(wrappedKey, nonce, ciphertext);
    }

    static PodsealException altered() {
        return ErrorCode.AUTHENTICATION.because(
                "the wrapped keyset was altered, or was wrapped for another account or key; deliver the document again as"
                        + " 'podseal keyset create' or 'rewrap' wrote it");
    }
}
