// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import io.podseal.PodsealException;
import io.podseal.SecretValue;
import io.podseal.store.Generation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Tells whether a text would show a value that Podseal opened for this environment: the current ones and those of the start,
 * which beans may still hold. White space does not count, and of a long value its beginning is enough, because others quote
 * it trimmed or shortened; a value of fewer than four characters has to be the whole text, or it would be found everywhere.
 * Thread-safe.
 */
public final class SealedValues {
    private static final int MIN_CONTAINED = 4;
    private static final int BEGINNING = 64;
    private static final int MAX_CAUSES = 100;

    private final ConfigurableEnvironment environment;

    private SealedValues(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** The values of the sources that this environment has at each question. */
    public static SealedValues of(ConfigurableEnvironment environment) {
        return new SealedValues(environment);
    }

    /** Whether the text of that object shows a value. */
    public boolean occurIn(@Nullable Object object) {
        if (object == null) {
            return false;
        }
        String shown = object instanceof Object[] array ? Arrays.deepToString(array) : object.toString();
        char[] chars = shown.toCharArray();
        String text = new String(chars, 0, withoutSpace(chars));
        return PodsealPropertySource.in(environment).stream()
                .flatMap(source -> source.generationsInUse().stream())
                .anyMatch(generation -> occurIn(text, generation));
    }

    /** Whether the message of that failure, or of one of its causes, shows a value. */
    public boolean occurInMessages(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (occurIn(cause.getMessage())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean occurIn(String text, Generation generation) {
        return generation.names().stream().anyMatch(item -> {
            try (SecretValue value = generation.get(item)) {
                return value != null && isShownIn(text, value);
            }
        });
    }

    private static boolean isShownIn(String text, SecretValue value) {
        char[] chars;
        try {
            chars = value.revealChars();
        } catch (PodsealException notText) {
            return false;
        }
        try {
            int length = withoutSpace(chars);
            return length < MIN_CONTAINED
                    ? text.length() == length && length > 0 && contains(text, chars, length)
                    : contains(text, chars, Math.min(length, BEGINNING));
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    /** Moves what is no white space to the front, and returns its length. */
    private static int withoutSpace(char[] chars) {
        int length = 0;
        for (char c : chars) {
            if (!Character.isWhitespace(c)) {
                chars[length++] = c;
            }
        }
        return length;
    }

    /** By hand, because a String of the value could not be wiped. */
    private static boolean contains(String text, char[] chars, int length) {
        for (int from = text.indexOf(chars[0]); from >= 0; from = text.indexOf(chars[0], from + 1)) {
            int matched = 1;
            while (matched < length
                    && from + matched < text.length()
                    && text.charAt(from + matched) == chars[matched]) {
                matched++;
            }
            if (matched == length) {
                return true;
            }
        }
        return false;
    }
}
