// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM under a random key that lives as long as one generation, in this process only. The nonce is a value's index,
 * so each index is encrypted once. Ciphers are kept in slots chosen by thread id: a thread-local would hold one for every
 * virtual thread, a shared queue would be contended.
 */
final class EphemeralCipher {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** References of one cache line, so that neighbouring slots do not slow each other down. */
    private static final int SPREAD = 16;

    private static final int SLOTS = Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 4);

    private final SecretKeySpec key;
    private final AtomicReferenceArray<@Nullable Cipher> slots;

    EphemeralCipher() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "AES");
        Arrays.fill(random, (byte) 0);
        this.slots = new AtomicReferenceArray<>(SLOTS * SPREAD);
    }

    /** The number of the slot from which that thread takes its cipher. */
    static int slot(Thread thread) {
        return (int) thread.getId() & (SLOTS - 1);
    }

    byte[] encrypt(int index, byte[] plaintext) {
        return apply(Cipher.ENCRYPT_MODE, index, plaintext);
    }

    byte[] decrypt(int index, byte[] ciphertext) {
        return apply(Cipher.DECRYPT_MODE, index, ciphertext);
    }

    private byte[] apply(int mode, int index, byte[] input) {
        int slot = slot(Thread.currentThread()) * SPREAD;
        try {
            Cipher cipher = slots.getAndSet(slot, null);
            if (cipher == null) {
                cipher = Cipher.getInstance("AES/GCM/NoPadding");
            }
            byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(index).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            byte[] output = cipher.doFinal(input);
            slots.set(slot, cipher);
            return output;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of this process's own values failed", e);
        }
    }
}
