// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A JSON object under construction, printed on one line. */
final class JsonObject {
    private final Map<String, String> members = new LinkedHashMap<>();

    JsonObject number(String name, long value) {
        members.put(name, Long.toString(value));
        return this;
    }

    JsonObject bool(String name, boolean value) {
        members.put(name, Boolean.toString(value));
        return this;
    }

    JsonObject string(String name, @Nullable String value) {
        members.put(name, value == null ? "null" : quoted(value));
        return this;
    }

    JsonObject strings(String name, Collection<String> values) {
        members.put(name, values.stream().map(JsonObject::quoted).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    JsonObject objects(String name, Collection<JsonObject> values) {
        members.put(name, values.stream().map(JsonObject::toString).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    String line() {
        return this + "\n";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
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

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> quoted(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
