// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What Vault answered. It may hold a keyset or a token in the clear, so it has no telling {@code toString}. */
final class VaultAnswer {
    private final int status;
    private final byte[] body;

    VaultAnswer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** Whether a refusal has one of these words in it. */
    boolean says(String... words) {
        String text = new String(body, UTF_8);
        return Arrays.stream(words).anyMatch(text::contains);
    }

    /** The bytes of a text that is not empty, or null. */
    byte @Nullable [] text(String... path) {
        byte[] text = Json.text(body, path);
        return text == null || text.length == 0 ? null : text;
    }

    /** A number or boolean as it is written, or an empty text. */
    String word(String... path) {
        return Json.word(body, path);
    }

    void wipe() {
        Arrays.fill(body, (byte) 0);
    }
}
