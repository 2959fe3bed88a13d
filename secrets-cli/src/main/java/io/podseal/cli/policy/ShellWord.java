// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

/** A word quoted for a shell, so that it can be copied from a message. */
public final class ShellWord {
    private ShellWord() {}

    /** The word, quoted where a shell would not take it as it is. */
    public static String of(String word) {
        return word.matches("[-A-Za-z0-9_./:@%+=,]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
