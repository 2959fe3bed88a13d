// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.regex.Pattern;

/** A word quoted for a shell, so that it can be copied from a message. */
public final class ShellWord {
    /** What a terminal obeys, or does not show where it stands. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private ShellWord() {}

    /**
     * The word, quoted where a shell would not take it as it is.
     *
     * @throws PodsealException {@code CONFIGURATION} where it has control characters, which nobody sees when copying it
     */
    public static String of(String word) {
        if (UNSEEN.matcher(word).find()) {
            throw ErrorCode.CONFIGURATION.because(
                    "a KEK's URI has control characters, as they are or percent-encoded: no"
                            + " command can show it; give that key a name without them");
        }
        return word.matches("[-A-Za-z0-9_./:@%+=,]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
