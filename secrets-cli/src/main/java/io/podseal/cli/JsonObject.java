// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.cli.policy.JsonString;
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
        members.put(name, value == null ? "null" : JsonString.of(value));
        return this;
    }

    JsonObject strings(String name, Collection<String> values) {
        members.put(name, values.stream().map(JsonString::of).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    JsonObject objects(String name, Collection<JsonObject> values) {
        members.put(name, values.stream().map(JsonObject::toString).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    String line() {
        return this + "\n";
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> JsonString.of(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
