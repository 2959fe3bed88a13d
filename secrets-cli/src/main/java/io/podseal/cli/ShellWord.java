// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

/** A word quoted for a shell, so that it can be copied from a message. */
final class ShellWord {
    private ShellWord() {}

    static String of(String word) {
        return word.matches("[-A-Za-z0-9_./:@%+=,]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
