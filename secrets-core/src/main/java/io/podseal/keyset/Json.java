// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON (RFC 8259) for documents: UTF-8 only, no duplicate names, bounded depth. A general parser would choose one of
 * two duplicate names, and two readers could then see two documents. A value is an {@link Obj}, a {@link List}, a
 * {@link String} or, for numbers and literals, a {@link Raw}.
 */
final class Json {
    private static final int MAX_DEPTH = 64;
    private static final Pattern RAW =
            Pattern.compile("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private final String text;
    private final @Nullable String ignored;
    private int at;
    private int ignoring;

    private Json(String text, @Nullable String ignored) {
        this.text = text;
        this.ignored = ignored;
    }

    /** A number, {@code true}, {@code false} or {@code null}, as written. */
    record Raw(String text) {}

    /** An object and the text that it was read from; equal to one of the same members, however they are written. */
    record Obj(Map<String, Object> members, String text) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Obj that && members.equals(that.members);
        }

        @Override
        public int hashCode() {
            return members.hashCode();
        }

        /** Refuses names other than these; absent ones are found by the getters. */
        Obj only(Set<String> allowed, String what) {
            for (String name : members.keySet()) {
                if (!allowed.contains(name)) {
                    throw ErrorCode.FORMAT.because(what + " has an unknown member; it takes only " + allowed);
                }
            }
            return this;
        }

        String string(String name, String what) {
            return get(name, String.class, "a string", what);
        }

        Obj object(String name, String what) {
            return get(name, Obj.class, "an object", what);
        }

        List<?> list(String name, String what) {
            return get(name, List.class, "an array", what);
        }

        private <T> T get(String name, Class<T> type, String noun, String what) {
            Object value = members.get(name);
            if (!type.isInstance(value)) {
                throw ErrorCode.FORMAT.because(what + " needs '" + name + "', " + noun);
            }
            return type.cast(value);
        }
    }

    /** @throws PodsealException {@code FORMAT}, with the character offset and never the content */
    static Obj parseObject(byte[] utf8) {
        return parseObject(utf8, null);
    }

    /**
     * The same, where the member of one name may hold anything, duplicate names too.
     *
     * @throws PodsealException {@code FORMAT}, with the character offset and never the content
     */
    static Obj parseObject(byte[] utf8, @Nullable String ignored) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ErrorCode.FORMAT.because("the document is not UTF-8");
        }
        Json json = new Json(text, ignored);
        Object value = json.value(0);
        json.space();
        if (json.at < text.length()) {
            throw json.malformed("nothing may follow the document");
        }
        if (value instanceof Obj object) {
            return object;
        }
        throw ErrorCode.FORMAT.because("the document is not a JSON object");
    }

    /** A JSON string literal. */
    static String quote(String value) {
        StringBuilder out = new StringBuilder("\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("nested deeper than " + MAX_DEPTH);
        }
        space();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> raw();
        };
    }

    private Obj object(int depth) {
        int start = at++;
        Map<String, Object> members = new LinkedHashMap<>();
        space();
        if (peek() != '}') {
            do {
                space();
                String name = string();
                space();
                expect(':');
                int freedom = name.equals(ignored) ? 1 : 0;
                ignoring += freedom;
                Object value = value(depth + 1);
                ignoring -= freedom;
                if (members.put(name, value) != null && ignoring == 0) {
                    throw malformed("an object names one member twice");
                }
                space();
            } while (accept(','));
        }
        expect('}');
        return new Obj(Collections.unmodifiableMap(members), text.substring(start, at));
    }

    private List<Object> array(int depth) {
        at++;
        List<Object> elements = new ArrayList<>();
        space();
        if (peek() != ']') {
            do {
                elements.add(value(depth + 1));
                space();
            } while (accept(','));
        }
        expect(']');
        return Collections.unmodifiableList(elements);
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < 0x20) {
                throw malformed("a control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
        String string = out.toString();
        if (string.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw malformed("half a surrogate pair in a string");
        }
        return string;
    }

    private char escape() {
        char c = next();
        int known = "\"\\/bfnrt".indexOf(c);
        if (known >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
        if (c != 'u') {
            throw malformed("an unknown escape in a string");
        }
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = "0123456789abcdef".indexOf(Character.toLowerCase(next()));
            if (digit < 0) {
                throw malformed("an unknown escape in a string");
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private Raw raw() {
        Matcher raw = RAW.matcher(text).region(at, text.length());
        if (!raw.lookingAt()) {
            throw malformed("a value was expected");
        }
        at = raw.end();
        return new Raw(raw.group());
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private char next() {
        if (at == text.length()) {
            throw malformed("the document ends too early");
        }
        return text.charAt(at++);
    }

    private boolean accept(char c) {
        boolean found = peek() == c;
        at += found ? 1 : 0;
        return found;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw malformed("'" + c + "' was expected");
        }
    }

    private PodsealException malformed(String reason) {
        return ErrorCode.FORMAT.because("malformed JSON at character " + at + ": " + reason);
    }
}
