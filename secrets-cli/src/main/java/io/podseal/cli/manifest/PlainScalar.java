// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import java.util.regex.Pattern;

/**
 * Unquoted text that some reader of YAML takes for something else than a string. The API server's reader follows YAML 1.1
 * ({@code yes} and {@code 0777} are no strings), others 1.2 ({@code 0o17}): what either takes for something else counts.
 */
public final class PlainScalar {
    private static final Pattern NOT_A_STRING = Pattern.compile(
            // null
            "|~|null|Null|NULL"
                    // booleans
                    + "|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE"
                    // whole numbers
                    + "|[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)"
                    // others
                    + "|[-+]?([0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?"
                    + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private PlainScalar() {}

    /** Whether this text, unquoted, is a string to every reader; its characters aside. */
    public static boolean isString(String text) {
        return !NOT_A_STRING.matcher(text).matches();
    }

    /** The text as a YAML value: quoted only where it has to be. */
    public static String quotedIfNeeded(String text) {
        boolean plain = text.matches("[A-Za-z0-9][-A-Za-z0-9._/]*") && isString(text);
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
