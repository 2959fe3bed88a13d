// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A plaintext that must turn up nowhere, and the search for it in the forms in which values usually leak. */
public final class Canary {
    private static final String TEXT = "canary/Zw7+qP9$xL&2";

    private Canary() {}

    /** The plaintext, a fresh copy. */
    public static byte[] plaintext() {
        return TEXT.getBytes(UTF_8);
    }

    /** The name of the first form in which the canary stands in the text. */
    public static Optional<String> formIn(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return forms().entrySet().stream()
                .filter(form -> text.contains(form.getValue())
                        || (form.getKey().startsWith("hex") && lower.contains(form.getValue())))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What the search looks for. */
    static Map<String, String> forms() {
        byte[] bytes = plaintext();
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("raw", TEXT);
        forms.put("hex", HexFormat.of().formatHex(bytes));
        forms.put("hex with colons", HexFormat.ofDelimiter(":").formatHex(bytes));
        forms.put("list of bytes", Arrays.toString(bytes).replaceAll("[\\[\\]]", ""));
        forms.put("URL-encoded", URLEncoder.encode(TEXT, UTF_8));
        forms.put("UTF-16BE", new String(TEXT.getBytes(UTF_16BE), ISO_8859_1));
        forms.put("UTF-16LE", new String(TEXT.getBytes(UTF_16LE), ISO_8859_1));
        for (int shift = 0; shift < 3; shift++) {
            forms.put("base64, shifted by " + shift, aligned(Base64.getEncoder(), bytes, shift));
            forms.put("base64url, shifted by " + shift, aligned(Base64.getUrlEncoder(), bytes, shift));
        }
        return forms;
    }

    /** The characters that depend on the canary alone where it stands at such an offset of a longer base64 text. */
    private static String aligned(Base64.Encoder encoder, byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        String text = encoder.withoutPadding().encodeToString(shifted);
        int firstWhole = (shift * 8 + 5) / 6;
        int lastWhole = shifted.length * 8 / 6;
        return text.substring(firstWhole, lastWhole);
    }
}
