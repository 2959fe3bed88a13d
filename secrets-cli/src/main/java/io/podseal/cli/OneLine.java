// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

/** Keeps a message on its one line, whatever names of other people's making it quotes. */
final class OneLine {
    private OneLine() {}

    static String of(String message) {
        StringBuilder out = new StringBuilder(message.length());
        message.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || Character.getType(c) == Character.FORMAT) {
                out.append(String.format("<U+%04X>", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
