// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.Arrays;
import java.util.Base64;

/** Base64 as Kubernetes writes it: with its padding, and without stray bits. */
final class CanonicalBase64 {
    private CanonicalBase64() {}

    /** @throws PodsealException {@code FORMAT}; its text shows nothing of what was to be decoded */
    static byte[] decode(String item, String text) {
        byte[] encoded = text.getBytes(ISO_8859_1);
        try {
            byte[] content = Base64.getDecoder().decode(encoded);
            if (Arrays.equals(Base64.getEncoder().encode(content), encoded)) {
                return content;
            }
        } catch (IllegalArgumentException showsACharacter) {
            // refused below
        }
        throw ErrorCode.FORMAT.because("not base64").at("item '" + item + "'");
    }
}
