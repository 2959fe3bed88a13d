// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.security.SecureRandom;

/**
 * Bytes that stand in memory only combined with random ones, so that who searches a memory for them does not find the search
 * itself. Immutable.
 */
final class Masked {
    private final byte[] mask;
    private final byte[] masked;

    private Masked(byte[] mask, byte[] masked) {
        this.mask = mask;
        this.masked = masked;
    }

    static Masked of(byte[] bytes) {
        byte[] mask = new byte[bytes.length];
        new SecureRandom().nextBytes(mask);
        return new Masked(mask, combined(mask, bytes));
    }

    private static byte[] combined(byte[] one, byte[] other) {
        byte[] combined = new byte[one.length];
        for (int i = 0; i < combined.length; i++) {
            combined[i] = (byte) (one[i] ^ other[i]);
        }
        return combined;
    }

    int length() {
        return mask.length;
    }

    byte at(int index) {
        return (byte) (mask[index] ^ masked[index]);
    }

    byte[] revealed() {
        return combined(mask, masked);
    }

    boolean standsIn(byte[] bytes, int from, int end) {
        if (end - from < mask.length) {
            return false;
        }
        for (int i = 0; i < mask.length; i++) {
            if ((bytes[from + i] ^ mask[i]) != masked[i]) {
                return false;
            }
        }
        return true;
    }
}
