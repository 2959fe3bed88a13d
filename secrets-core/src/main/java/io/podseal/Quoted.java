// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/** Quotes a user's own word for a message: cut short, and without control or look-alike characters. */
final class Quoted {
    private static final int MAX_CHARS = 80;

    private Quoted() {}

    static String of(String word) {
        StringBuilder out = new StringBuilder("'");
        word.codePoints()
                .limit(MAX_CHARS)
                .forEach(c -> out.append(c >= 0x20 && c < 0x7f ? Character.toString(c) : String.format("<U+%04X>", c)));
        return out.append(word.length() > MAX_CHARS ? "…'" : "'").toString();
    }
}
