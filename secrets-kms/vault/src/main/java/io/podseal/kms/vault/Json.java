// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads single members of a JSON answer, as bytes: an answer holds a keyset in the clear, and what a parser makes of it as
 * {@code String} cannot be wiped.
 */
final class Json {
    private final byte[] text;
    private int at;

    private Json(byte[] text) {
        this.text = text;
    }

    /** An object of texts. */
    static byte[] object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> quoted(member.getKey()) + ":" + quoted(member.getValue()))
                .collect(Collectors.joining(",", "{", "}"))
                .getBytes(UTF_8);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars()
                .forEach(c -> out.append(
                        c < 0x20 || c == '"' || c == '\\'
                                ? String.format("\\u%04x", c)
                                : Character.toString((char) c)));
        return out.append('"').toString();
    }

    /** The bytes of a text, or null where there is none at that path, or the answer is broken off. */
    static byte @Nullable [] text(byte[] json, String... path) {
        byte[] value = value(json, path);
        if (value == null || value.length < 2 || value[0] != '"') {
            return null;
        }
        byte[] unescaped = new Json(value).unescaped();
        Arrays.fill(value, (byte) 0);
        return unescaped;
    }

    /** A number, boolean or null as it is written, or an empty text. */
    static String word(byte[] json, String... path) {
        byte[] value = value(json, path);
        return value == null || value[0] == '"' ? "" : new String(value, UTF_8);
    }

    private static byte @Nullable [] value(byte[] json, String... path) {
        Json reader = new Json(json);
        try {
            for (String name : path) {
                if (!reader.enter(name)) {
                    return null;
                }
            }
            int begin = reader.at;
            reader.skipValue();
            return Arrays.copyOfRange(json, begin, reader.at);
        } catch (ArrayIndexOutOfBoundsException brokenOff) {
            return null;
        }
    }

    /** From an object's begin to the value of one of its members. */
    private boolean enter(String name) {
        if (next() != '{') {
            return false;
        }
        at++;
        while (next() == '"') {
            int begin = at + 1;
            skipText();
            boolean found = name.equals(new String(text, begin, at - begin - 1, UTF_8));
            if (next() != ':') {
                return false;
            }
            at++;
            next();
            if (found) {
                return true;
            }
            skipValue();
            if (next() == ',') {
                at++;
            }
        }
        return false;
    }

    private void skipValue() {
        int depth = 0;
        do {
            byte c = next();
            if (c == '"') {
                skipText();
            } else if (c == '{' || c == '[' || c == '}' || c == ']') {
                depth += c == '{' || c == '[' ? 1 : -1;
                at++;
            } else if (c == ',' || c == ':') {
                at++;
            } else {
                int begin = at;
                while (Character.isLetterOrDigit(text[at]) || "+-.".indexOf(text[at]) >= 0) {
                    at++;
                }
                at += at == begin ? text.length : 0; // no JSON
            }
        } while (depth > 0);
    }

    private void skipText() {
        at++;
        while (text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    private byte next() {
        while (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t') {
            at++;
        }
        return text[at];
    }

    /** Without quotes and escapes; null for escapes that nothing needs which is read here. */
    private byte @Nullable [] unescaped() {
        byte[] out = new byte[text.length];
        int length = 0;
        for (at = 1; at < text.length - 1; at++) {
            int c = text[at];
            if (c == '\\') {
                c = escaped(text[++at]);
            }
            if (c < 0) {
                return null;
            }
            out[length++] = (byte) c;
        }
        byte[] exact = Arrays.copyOf(out, length);
        Arrays.fill(out, (byte) 0);
        return exact;
    }

    private int escaped(byte kind) {
        if (kind != 'u') {
            return kind == '"' || kind == '\\' || kind == '/' ? kind : -1;
        }
        if (at + 4 >= text.length - 1) {
            return -1;
        }
        int c = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(text[++at], 16);
            c = digit < 0 ? 0x80 : c * 16 + digit;
        }
        return c < 0x80 ? c : -1;
    }
}
