// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SecretValue;
import java.util.Arrays;
import java.util.BitSet;

/** A value as the text of a Spring property, so that Spring gives it to the application character for character. */
final class PropertyText {
    private static final String PLACEHOLDER = "${";
    private static final String EXPRESSION = "#{";

    private PropertyText() {}

    /**
     * The text, with each <code>${</code> escaped that Spring would expand: it would show the whole value in the error if
     * it cannot. Only those with a closing brace, because in front of any other the escape would stay.
     */
    static String of(SecretValue value) {
        String text = value.revealString();
        return text.contains(PLACEHOLDER) ? escaped(text) : text;
    }

    private static String escaped(String text) {
        BitSet closed = closedBraces(text);
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith(PLACEHOLDER, i) && closed.get(i + 1)) {
                escaped.append('\\');
            }
            escaped.append(text.charAt(i));
        }
        return escaped.toString();
    }

    /** The opening braces that have a closing one, braces between them counted. */
    private static BitSet closedBraces(String text) {
        BitSet closed = new BitSet(text.length());
        BitSet open = new BitSet(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                open.set(i);
            } else if (text.charAt(i) == '}') {
                int innermost = open.previousSetBit(i);
                if (innermost >= 0) {
                    open.clear(innermost);
                    closed.set(innermost);
                }
            }
        }
        return closed;
    }

    /**
     * Refuses what cannot be delivered as it is.
     *
     * @throws PodsealException {@code FORMAT} for bytes that are not UTF-8, {@code CONFIGURATION} for <code>#{</code>,
     *     which cannot be escaped and would be run as code under {@code @Value}
     */
    static void check(SecretValue value, boolean allowsSpel) {
        char[] chars;
        try {
            chars = value.revealChars();
        } catch (PodsealException notUtf8) {
            throw ErrorCode.FORMAT.because("the value is not UTF-8 text, and a property is text; leave the item out of"
                    + " the import with ?exclude=, and read it as bytes through SecretStore");
        }
        try {
            if (!allowsSpel && holdsExpression(chars)) {
                throw ErrorCode.CONFIGURATION.because("the value contains " + EXPRESSION
                        + ", which @Value would run as code; seal one without it, or set podseal.values.spel=allow if"
                        + " everyone who can seal may run code here");
            }
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    private static boolean holdsExpression(char[] chars) {
        for (int i = 1; i < chars.length; i++) {
            if (chars[i - 1] == '#' && chars[i] == '{') {
                return true;
            }
        }
        return false;
    }
}
