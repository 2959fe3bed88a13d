// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

/** A string of JSON in ASCII, which no terminal or editor changes. */
public final class JsonString {
    private JsonString() {}

    /** The text, quoted. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
