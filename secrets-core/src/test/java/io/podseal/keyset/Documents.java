// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** Keyset documents as text, to be spoilt. */
final class Documents {
    static final String IDENTITY = "spiffe://cluster.local/ns/payments/sa/api";
    static final String WRAPPED =
            Base64.getEncoder().encodeToString("not a real ciphertext, only its shape".getBytes(UTF_8));

    private Documents() {}

    static String recipient(String kek) {
        return "{\"kek\":\"" + kek + "\",\"encryptedKeyset\":{\"encryptedKeyset\":\"" + WRAPPED + "\"}}";
    }

    static String of(String... recipients) {
        return "{\"podseal\":\"v1\",\"identity\":\"" + IDENTITY + "\",\"recipients\":[" + String.join(",", recipients)
                + "]}";
    }

    /** A document with one recipient. */
    static String simple() {
        return of(recipient("fake-kms://a"));
    }

    /** The document with spaces in front, to that many bytes. */
    static byte[] padded(String document, int bytes) {
        byte[] text = document.getBytes(UTF_8);
        return (" ".repeat(bytes - text.length) + document).getBytes(UTF_8);
    }
}
