// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Documents that one change makes of a genuine one, by its structure: every member dropped, doubled, renamed, put elsewhere,
 * retyped and nested, and every character of its texts replaced, doubled and left out.
 */
final class KeysetDocumentMutants {
    /**
     * A changed document.
     *
     * @param change what was done where
     * @param path the names and indexes on the way to what was changed
     */
    record Mutant(String change, List<String> path, String text) {}

    private static final List<String> OTHERS = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1e9999",
            "18446744073709551616",
            "\"\"",
            "\"v1\"",
            "\"\\u0000\"",
            "\"\\ud83d\\ude00\"",
            "[]",
            "{}",
            "[null]",
            "{\"\":null}",
            "[".repeat(70) + "]".repeat(70),
            "{\"a\":".repeat(70) + "1" + "}".repeat(70));

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String CHARACTERS = BASE64 + "=-_.~:;,!? \t\u00e9\u200b\uff21";

    private final String genuine;
    private final JsonObject root;
    private final List<Mutant> mutants = new ArrayList<>();

    private KeysetDocumentMutants(byte[] document) {
        this.root = JsonParser.parseString(new String(document, UTF_8)).getAsJsonObject();
        this.genuine = root.toString();
    }

    /** All of them. */
    static List<Mutant> of(byte[] document) {
        KeysetDocumentMutants all = new KeysetDocumentMutants(document);
        all.visit(all.root, List.of(), UnaryOperator.identity());
        return all.mutants;
    }

    /** @param around makes a whole document of what stands here */
    private void visit(JsonElement node, List<String> path, UnaryOperator<String> around) {
        OTHERS.forEach(other -> add("retyped to " + other, path, around.apply(other)));
        add("nested in an array", path, around.apply("[" + node + "]"));
        add("nested in an object", path, around.apply("{\"" + last(path) + "\":" + node + "}"));
        add("as a text", path, around.apply(new JsonPrimitive(node.toString()).toString()));
        if (node instanceof JsonObject object) {
            object(object, path, around);
        } else if (node instanceof JsonArray array) {
            array(array, path, around);
        } else if (node.getAsJsonPrimitive().isString()) {
            text(node.getAsString(), path, around);
        }
    }

    private void object(JsonObject object, List<String> path, UnaryOperator<String> around) {
        List<String> members = object.entrySet().stream()
                .map(member -> member(member.getKey(), member.getValue()))
                .toList();
        List<String> names = List.copyOf(object.keySet());
        add("a member more", path, around.apply(objectOf(with(members, members.size(), "\"more\":1"))));
        for (int i = 0; i < members.size(); i++) {
            String name = names.get(i);
            JsonElement value = object.get(name);
            List<String> here = append(path, name);
            int at = i;
            UnaryOperator<String> replace =
                    text -> around.apply(objectOf(replaced(members, at, "\"" + name + "\":" + text)));
            add("dropped", here, around.apply(objectOf(without(members, i))));
            add("doubled", here, around.apply(objectOf(with(members, i, members.get(i)))));
            OTHERS.forEach(other -> {
                add("doubled before", here, around.apply(objectOf(with(members, at, "\"" + name + "\":" + other))));
                add("doubled after", here, around.apply(objectOf(with(members, at + 1, "\"" + name + "\":" + other))));
            });
            for (String other : List.of(
                    name.toUpperCase(Locale.ROOT),
                    name + " ",
                    " " + name,
                    name + "s",
                    "",
                    name + "\\u0000",
                    "\\u0130" + name)) {
                add("renamed", here, around.apply(objectOf(replaced(members, i, "\"" + other + "\":" + value))));
            }
            visit(value, here, replace);
        }
    }

    private void array(JsonArray array, List<String> path, UnaryOperator<String> around) {
        List<String> elements =
                array.asList().stream().map(JsonElement::toString).toList();
        for (int i = 0; i < elements.size(); i++) {
            List<String> here = append(path, Integer.toString(i));
            int at = i;
            add("dropped", here, around.apply(arrayOf(without(elements, i))));
            add("doubled", here, around.apply(arrayOf(with(elements, i, elements.get(i)))));
            OTHERS.forEach(other -> add("one more", here, around.apply(arrayOf(with(elements, at, other)))));
            visit(array.get(i), here, text -> around.apply(arrayOf(replaced(elements, at, text))));
        }
    }

    private void text(String text, List<String> path, UnaryOperator<String> around) {
        for (int at = 0; at < text.length(); at++) {
            String before = text.substring(0, at);
            String after = text.substring(at + 1);
            for (String other : CHARACTERS.split("")) {
                add("other character", path, around.apply(quoted(before + other + after)));
            }
            add("character dropped", path, around.apply(quoted(before + after)));
            add("character doubled", path, around.apply(quoted(before + text.charAt(at) + text.charAt(at) + after)));
            add("cut off", path, around.apply(quoted(before)));
            add("line broken", path, around.apply(quoted(before + "\n" + text.substring(at))));
            add("control character", path, around.apply("\"" + before + "\u0001" + after + "\""));
        }
        for (String end : List.of("=", "==", " ", "\n", "\u0000", "A")) {
            add("longer", path, around.apply(quoted(text + end)));
        }
    }

    private void add(String change, List<String> path, String text) {
        if (!text.equals(genuine)) {
            mutants.add(new Mutant(change, path, text));
        }
    }

    private static String member(String name, JsonElement value) {
        return quoted(name) + ":" + value;
    }

    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }

    private static String objectOf(List<String> members) {
        return "{" + String.join(",", members) + "}";
    }

    private static String arrayOf(List<String> elements) {
        return "[" + String.join(",", elements) + "]";
    }

    private static String last(List<String> path) {
        return path.isEmpty() ? "podseal" : path.get(path.size() - 1);
    }

    private static <T> List<T> append(List<T> list, T last) {
        return with(list, list.size(), last);
    }

    private static <T> List<T> with(List<T> list, int at, T more) {
        List<T> changed = new ArrayList<>(list);
        changed.add(at, more);
        return changed;
    }

    private static <T> List<T> without(List<T> list, int at) {
        List<T> changed = new ArrayList<>(list);
        changed.remove(at);
        return changed;
    }

    private static <T> List<T> replaced(List<T> list, int at, T other) {
        List<T> changed = new ArrayList<>(list);
        changed.set(at, other);
        return changed;
    }
}
