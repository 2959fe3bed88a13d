// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/** Keeps a message on its one line, whatever names of other people's making it quotes: they must not write lines of a log. */
public final class OneLine {
    private OneLine() {}

    /** The same text, with {@code <U+000A>} and the like for what would end its line or turn its direction. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> out.append(String.format("<U+%04X>", c));
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
