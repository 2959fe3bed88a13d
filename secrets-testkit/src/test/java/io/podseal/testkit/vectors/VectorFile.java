// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** One file of vectors while it is written, and the words that inputs are written in. */
final class VectorFile {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final String NOTE =
            "Test vectors of docs/spec/format-v1.md; README.md beside this file says how to read"
                    + " them. Their keys are derived from a published seed and protect nothing: never use them.";

    private final JsonObject inputs = new JsonObject();
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    /** Names an input that several vectors share. */
    JsonElement shared(String name, JsonElement input) {
        inputs.add(name, input);
        return object("input", new JsonPrimitive(name));
    }

    JsonElement shared(String name, String text) {
        return shared(name, new JsonPrimitive(text));
    }

    Draft draft(String kind, String id, String claim) {
        Draft draft = new Draft(kind, id, claim);
        if (drafts.put(id, draft) != null) {
            throw new IllegalStateException("two vectors are called " + id);
        }
        return draft;
    }

    /** The file: ASCII, so that no editor and no eye hides anything. */
    String text() {
        JsonArray vectors = new JsonArray();
        drafts.values().forEach(draft -> vectors.add(draft.json()));
        JsonObject file = new JsonObject();
        file.addProperty("about", NOTE);
        file.addProperty("format", "podseal-test-vectors-1");
        file.add("inputs", inputs);
        file.add("vectors", vectors);
        StringBuilder ascii = new StringBuilder();
        GSON.toJson(file)
                .chars()
                .forEach(c -> ascii.append(c < 0x7f ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return ascii.append('\n').toString();
    }

    static JsonObject object(String name, JsonElement value) {
        JsonObject object = new JsonObject();
        object.add(name, value);
        return object;
    }

    static JsonObject hex(byte[] bytes) {
        return object("hex", new JsonPrimitive(HexFormat.of().formatHex(bytes)));
    }

    static JsonObject hex(String hex) {
        return object("hex", new JsonPrimitive(hex));
    }

    static JsonObject base64(byte[] bytes) {
        return object("base64", new JsonPrimitive(Base64.getEncoder().encodeToString(bytes)));
    }

    static JsonElement text(String text) {
        return new JsonPrimitive(text);
    }

    static JsonObject derived(String label, int bytes) {
        JsonObject recipe = object("derived", new JsonPrimitive(label));
        recipe.addProperty("bytes", bytes);
        return recipe;
    }

    static JsonObject repeated(String unit, int times) {
        JsonObject recipe = object("repeated", new JsonPrimitive(unit));
        recipe.addProperty("times", times);
        return recipe;
    }

    static JsonObject joined(JsonElement... parts) {
        JsonArray array = new JsonArray();
        for (JsonElement part : parts) {
            array.add(part);
        }
        return object("joined", array);
    }

    /** The recipe with the digest of what it gives. */
    static JsonObject checked(JsonObject recipe) {
        byte[] bytes = new Inputs(new JsonObject()).bytes(recipe);
        recipe.addProperty("sha256", HexFormat.of().formatHex(Derived.sha256(bytes)));
        return recipe;
    }

    /** A token whose plaintext is too long to be written down. */
    static JsonObject sealed(TestKey key, String header, JsonElement plaintext) {
        byte[] bytes = new Inputs(new JsonObject()).bytes(plaintext);
        byte[] iv = Sealing.nonce(12, key.material(32), header.getBytes(UTF_8), bytes);
        JsonObject sealing = new JsonObject();
        sealing.add("key", derived("key " + key.name(), 32));
        sealing.add("iv", hex(iv));
        sealing.add("plaintext", plaintext);
        sealing.addProperty("associatedData", header);
        return checked(joined(
                text(header + ":"),
                object("base64url", joined(hex(Hpke.join(Sealing.prefix(key.id()), iv)), object("aes-gcm", sealing)))));
    }
}
