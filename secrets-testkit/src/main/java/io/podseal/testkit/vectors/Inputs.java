// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;

/** Turns the inputs of a file of vectors into bytes: texts, encodings, and recipes for what is too long to be written down. */
final class Inputs {
    private final JsonObject named;

    Inputs(JsonObject named) {
        this.named = named;
    }

    byte[] bytes(JsonElement input) {
        if (!input.isJsonObject()) {
            return input.getAsString().getBytes(UTF_8);
        }
        JsonObject recipe = input.getAsJsonObject();
        byte[] bytes = cook(recipe);
        if (recipe.has("sha256")
                && !HexFormat.of()
                        .formatHex(Derived.sha256(bytes))
                        .equals(recipe.get("sha256").getAsString())) {
            throw new IllegalStateException("a recipe that does not give what it says: " + recipe);
        }
        return bytes;
    }

    private byte[] cook(JsonObject recipe) {
        String kind = recipe.keySet().iterator().next();
        JsonElement value = recipe.get(kind);
        return switch (kind) {
            case "hex" -> HexFormat.of().parseHex(value.getAsString());
            case "base64" -> Base64.getDecoder().decode(value.getAsString());
            case "input" -> bytes(named.get(value.getAsString()));
            case "base64url" ->
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes(value))
                        .getBytes(ISO_8859_1);
            case "derived" ->
                Derived.bytes(value.getAsString(), recipe.get("bytes").getAsInt());
            case "repeated" -> repeated(bytes(value), recipe.get("times").getAsInt());
            case "joined" -> joined(value);
            case "aes-gcm" -> aesGcm(value.getAsJsonObject());
            default -> throw new IllegalStateException("an input of an unknown kind: " + kind);
        };
    }

    private static byte[] repeated(byte[] unit, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(unit);
        }
        return out.toByteArray();
    }

    private byte[] joined(JsonElement parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.getAsJsonArray().forEach(part -> out.writeBytes(bytes(part)));
        return out.toByteArray();
    }

    private byte[] aesGcm(JsonObject sealing) {
        return AesGcm.encrypt(
                bytes(sealing.get("key")),
                bytes(sealing.get("iv")),
                bytes(sealing.get("plaintext")),
                bytes(sealing.get("associatedData")));
    }
}
