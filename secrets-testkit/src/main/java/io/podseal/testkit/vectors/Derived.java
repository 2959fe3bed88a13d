// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Bytes that anyone can derive from a label: so no key has to be stored, and nobody can take one for a secret. */
final class Derived {
    private static final String SEED = "podseal test vector ";

    private Derived() {}

    /** SHA-256 of seed, label and a counter, as often as needed. */
    static byte[] bytes(String label, int count) {
        ByteBuffer out = ByteBuffer.allocate(count);
        for (int block = 0; out.hasRemaining(); block++) {
            byte[] digest = sha256(ByteBuffer.allocate(SEED.length() + label.getBytes(UTF_8).length + 4)
                    .put(SEED.getBytes(UTF_8))
                    .put(label.getBytes(UTF_8))
                    .putInt(block)
                    .array());
            out.put(digest, 0, Math.min(digest.length, out.remaining()));
        }
        return out.array();
    }

    static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
