// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SecretValue;
import java.util.Arrays;

/** A value as the text of a Spring property, so that Spring gives it to the application character for character. */
final class PropertyText {
    private static final String PLACEHOLDER = "${";
    private static final String EXPRESSION = "#{";

    private PropertyText() {}

    /** The text, with <code>${</code> escaped: Spring would expand it, and show the whole value in the error if it cannot. */
    static String of(SecretValue value) {
        return value.revealString().replace(PLACEHOLDER, "\\" + PLACEHOLDER);
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
