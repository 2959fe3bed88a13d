// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import java.util.Arrays;
import java.util.Base64;

/** Well-formed tokens under no key at all, for the checks that come before any key. */
final class Tokens {
    static final String ACCOUNT = "payments/api";
    static final String ITEM = "payments/api/db-credentials/password";

    private Tokens() {}

    /** A payload with Tink's prefix, key id 42 and the canary within. */
    static byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) 0x5a);
        byte[] start = {1, 0, 0, 0, 42};
        System.arraycopy(start, 0, payload, 0, Math.min(start.length, bytes));
        byte[] canary = Plaintext.bytes();
        System.arraycopy(canary, 0, payload, Math.min(5, bytes), Math.max(0, Math.min(canary.length, bytes - 5)));
        return payload;
    }

    static String base64(byte[] payload) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
    }

    /** A token of that scope with a payload of 60 bytes. */
    static String of(String scope) {
        return "podseal:v1:" + scope + ":" + base64(payload(60));
    }

    static String of(String scope, byte[] payload) {
        return "podseal:v1:" + scope + ":" + base64(payload);
    }
}
