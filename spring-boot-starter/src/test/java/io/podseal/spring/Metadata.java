// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import io.podseal.store.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Prints Boot's configuration metadata for the core's settings; run it to make the file anew. */
final class Metadata {
    private Metadata() {}

    public static void main(String[] args) {
        System.out.print(print());
    }

    static String print() {
        return """
                {
                  "groups": [],
                  "properties": [
                %s
                  ],
                  "hints": [
                %s
                  ]
                }
                """.formatted(
                        Arrays.stream(Setting.values()).map(Metadata::property).collect(Collectors.joining(",\n")),
                        Arrays.stream(Setting.values())
                                .filter(setting -> !words(setting).isEmpty())
                                .map(Metadata::hint)
                                .collect(Collectors.joining(",\n")));
    }

    private static String property(Setting setting) {
        String description = setting.description() + " Example: " + setting.example();
        String defaultValue =
                setting.defaultValue() == null ? "" : ",\n      \"defaultValue\": " + defaultValue(setting);
        String deprecation = setting != Setting.IMPORT
                ? ""
                : ",\n      \"deprecation\": { \"level\": \"error\", \"replacement\": \"spring.config.import\" }";
        return "    {\n      \"name\": " + quoted(setting.fullName())
                + ",\n      \"type\": " + quoted(type(setting))
                + ",\n      \"description\": " + quoted(description)
                + defaultValue
                + deprecation
                + "\n    }";
    }

    private static String defaultValue(Setting setting) {
        String value = String.valueOf(setting.defaultValue());
        return setting.kind() == Setting.Kind.BOOLEAN ? value : quoted(value);
    }

    private static String hint(Setting setting) {
        return "    { \"name\": " + quoted(setting.fullName()) + ", \"values\": "
                + words(setting).stream()
                        .map(word -> "{ \"value\": " + quoted(word) + " }")
                        .collect(Collectors.joining(", ", "[", "]"))
                + " }";
    }

    private static List<String> words(Setting setting) {
        return switch (setting.kind()) {
            case ACCEPT -> List.of("any", "symmetric");
            case ON_DELETE -> List.of("keep", "fail");
            case SPEL -> List.of("refuse", "allow");
            case STRING, LIST, BOOLEAN, DURATION -> List.of();
        };
    }

    private static String type(Setting setting) {
        return switch (setting.kind()) {
            case LIST -> "java.util.List<java.lang.String>";
            case BOOLEAN -> "java.lang.Boolean";
            case DURATION -> "java.time.Duration";
            case STRING, ACCEPT, ON_DELETE, SPEL -> "java.lang.String";
        };
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
