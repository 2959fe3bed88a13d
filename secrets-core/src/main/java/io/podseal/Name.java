// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/** The names that a scope and an identity are made of, compared as bytes: no case folding, no normalisation. */
enum Name {
    TRUST_DOMAIN("trust domain", 255, "1 to 255 of a-z 0-9 . _ -"),
    NAMESPACE("namespace", 63, "an RFC 1123 label, 1 to 63 of a-z 0-9 -"),
    SERVICE_ACCOUNT("ServiceAccount", 253, "an RFC 1123 subdomain, 1 to 253 of a-z 0-9 - ."),
    SECRET("Secret name", 253, "an RFC 1123 subdomain, 1 to 253 of a-z 0-9 - ."),
    KEY("key", 253, "1 to 253 of A-Z a-z 0-9 - . _, neither '.' nor beginning with '..'");

    private final String noun;
    private final int maxLength;
    private final String grammar;

    Name(String noun, int maxLength, String grammar) {
        this.noun = noun;
        this.maxLength = maxLength;
        this.grammar = grammar;
    }

    String noun() {
        return noun;
    }

    String require(String text) {
        if (invalidAt(text) >= 0) {
            // The words of a configuration are the user's own; a long one is cut so that a pasted value stays out of
            // logs.
            throw ErrorCode.CONFIGURATION.because("not a " + noun + ": " + Quoted.of(text) + "; it must be " + grammar);
        }
        return text;
    }

    /** The index of the first character that the grammar forbids, the length where the text ends too early, or -1. */
    int invalidAt(CharSequence text) {
        int length = text.length();
        if (length == 0) {
            return 0;
        }
        if (length > maxLength) {
            return maxLength;
        }
        return switch (this) {
            case TRUST_DOMAIN -> firstNot(text, "._-");
            case NAMESPACE -> invalidLabelAt(text, false);
            case SERVICE_ACCOUNT, SECRET -> invalidLabelAt(text, true);
            case KEY -> invalidKeyAt(text);
        };
    }

    private static int firstNot(CharSequence text, String punctuation) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLowerOrDigit(c) && punctuation.indexOf(c) < 0) {
                return i;
            }
        }
        return -1;
    }

    private static int invalidLabelAt(CharSequence text, boolean dotted) {
        boolean edge = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = c == '-' || (dotted && c == '.');
            if (!isLowerOrDigit(c) && (!inner || edge)) {
                return i;
            }
            if (c == '.' && text.charAt(i - 1) == '-') {
                return i;
            }
            edge = c == '.';
        }
        return isLowerOrDigit(text.charAt(text.length() - 1)) ? -1 : text.length() - 1;
    }

    private static int invalidKeyAt(CharSequence text) {
        if (text.charAt(0) == '.' && (text.length() == 1 || text.charAt(1) == '.')) {
            return text.length() == 1 ? 0 : 1;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLowerOrDigit(c) && !(c >= 'A' && c <= 'Z') && "-._".indexOf(c) < 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isLowerOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
