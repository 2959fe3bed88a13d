// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/** Checks 1 to 5 of the specification's section 2, in that order, on the bytes of one token. */
final class TokenGrammar {
    static final int MAX_TOKEN_BYTES = 958_976;

    private static final int MIN_PAYLOAD_BYTES = 33;
    private static final byte TINK_PREFIX = 1;
    private static final byte[] ANY_VERSION = "podseal:v".getBytes(ISO_8859_1);
    private static final int VERSION_ONE_END = Scope.TOKEN_PREFIX.length();
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private TokenGrammar() {}

    static void checkSize(int length) {
        if (length > MAX_TOKEN_BYTES) {
            throw ErrorCode.SIZE.because("a token has at most " + MAX_TOKEN_BYTES + " bytes, this has " + length
                    + "; a value has at most " + SecretSealer.MAX_PLAINTEXT_BYTES + " bytes before it is sealed");
        }
    }

    static boolean hasHeader(byte[] token, byte[] header) {
        return token.length > header.length
                && token[header.length] == ':'
                && Arrays.equals(token, 0, header.length, header, 0, header.length);
    }

    /** Whether it begins like a token of any version: then it is never taken for plaintext. */
    static boolean isTokenLike(byte[] text) {
        return versionEnd(text) > 0;
    }

    static Scope scope(byte[] token) {
        int versionEnd = versionEnd(token);
        if (versionEnd < 0) {
            throw ErrorCode.FORMAT.because((token.length == 0
                            ? "the value is empty, not a token"
                            : "not a token: it does not begin with " + Scope.TOKEN_PREFIX
                                    + " (a plain value is never accepted here)")
                    + "; seal it with 'podseal seal'");
        }
        if (versionEnd != VERSION_ONE_END || token[VERSION_ONE_END - 2] != '1') {
            throw ErrorCode.VERSION.because("a token of a version that this release does not know; it reads version 1."
                    + " Upgrade Podseal, or seal the value again");
        }
        int colon = versionEnd;
        while (colon < token.length && token[colon] != ':') {
            if (!isScopeCharacter(token[colon])) {
                throw malformed(token, colon, "not allowed in a scope");
            }
            colon++;
        }
        if (colon == token.length) {
            throw malformed(token, colon, "the payload's colon was expected; the token seems cut short");
        }
        return scope(token, versionEnd, colon);
    }

    private static Scope scope(byte[] token, int from, int to) {
        String[] parts = new String(token, from, to - from, ISO_8859_1).split("/", -1);
        if (parts.length != 2 && parts.length != 4) {
            throw malformed(token, to, "a scope has two parts or four, this has " + parts.length);
        }
        Name[] names = {Name.NAMESPACE, Name.SERVICE_ACCOUNT, Name.SECRET, Name.KEY};
        int start = from;
        for (int i = 0; i < parts.length; i++) {
            int invalid = names[i].invalidAt(parts[i]);
            if (invalid >= 0) {
                throw malformed(token, start + invalid, "not a " + names[i].noun());
            }
            start += parts[i].length() + 1;
        }
        return parts.length == 2
                ? Scope.parsed(parts[0], parts[1], null, null)
                : Scope.parsed(parts[0], parts[1], parts[2], parts[3]);
    }

    /** The bytes of the canonical, unpadded base64url text that begins at {@code from} and is the rest of the token. */
    static byte[] payload(byte[] token, int from) {
        int length = token.length - from;
        byte[] payload = length == 0 ? new byte[0] : decode(token, from, length);
        if (payload.length > 0 && payload[0] != TINK_PREFIX) {
            throw malformed(token, from, "the payload does not begin with Tink's prefix 0x01");
        }
        if (payload.length < MIN_PAYLOAD_BYTES) {
            throw ErrorCode.SIZE.because("a payload has at least " + MIN_PAYLOAD_BYTES + " bytes, this has "
                    + payload.length + "; the token seems cut short");
        }
        return payload;
    }

    private static byte[] decode(byte[] token, int from, int length) {
        int last = token.length - 1;
        if (token[last] != '=') {
            try {
                ByteBuffer decoded = Base64.getUrlDecoder().decode(ByteBuffer.wrap(token, from, length));
                // Non-canonical trailing bits would give one value several spellings.
                int strayBits = length % 4 == 2 ? 0x0f : length % 4 == 3 ? 0x03 : 0;
                if ((ALPHABET.indexOf(token[last]) & strayBits) != 0) {
                    throw malformed(token, last, "stray bits in the last character of the payload");
                }
                return decoded.array();
            } catch (IllegalArgumentException explainedBelow) {
                // falls through to the search for the offending byte
            }
        }
        for (int i = from; i < token.length; i++) {
            if (ALPHABET.indexOf(token[i]) < 0) {
                throw malformed(token, i, "not of the base64url alphabet without padding");
            }
        }
        throw malformed(token, token.length, "a base64url text cannot have this length; the token seems cut short");
    }

    /** The index behind {@code podseal:v<number>:}, or -1. */
    private static int versionEnd(byte[] text) {
        int digits = ANY_VERSION.length;
        if (text.length < digits || !Arrays.equals(text, 0, digits, ANY_VERSION, 0, digits)) {
            return -1;
        }
        int end = digits;
        while (end < text.length && text[end] >= '0' && text[end] <= '9') {
            end++;
        }
        boolean number = end == digits + 1 || (end > digits && text[digits] != '0');
        return number && end < text.length && text[end] == ':' ? end + 1 : -1;
    }

    private static boolean isScopeCharacter(byte b) {
        return b == '/'
                || b == '-'
                || b == '.'
                || b == '_'
                || (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z');
    }

    private static PodsealException malformed(byte[] token, int offset, String reason) {
        String character = "end of the text";
        if (offset < token.length) {
            int codePoint = new String(token, offset, Math.min(4, token.length - offset), UTF_8).codePointAt(0);
            character = codePoint == 0xfffd
                    ? String.format("byte 0x%02X", token[offset] & 0xff)
                    : String.format("U+%04X", codePoint);
        }
        return ErrorCode.FORMAT.because("malformed token at byte " + offset + " (" + character + "): " + reason
                + "; copy it again, whole and on one line");
    }
}
