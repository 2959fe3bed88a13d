// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.podseal.keyset.KeyInfo;
import io.podseal.keyset.KeyType;
import java.util.List;

/**
 * What a reader must find in a keyset.
 *
 * @param fingerprint of its enabled keys
 * @param keys in the order of the keyset
 */
public record ExpectedKeyset(String fingerprint, List<KeyInfo> keys) {
    static ExpectedKeyset of(JsonElement element) {
        JsonObject json = element.getAsJsonObject();
        List<KeyInfo> keys = json.getAsJsonArray("keys").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(key -> new KeyInfo(
                        key.get("id").getAsLong(),
                        KeyType.of(key.get("type").getAsString()),
                        key.get("enabled").getAsBoolean(),
                        key.get("id").getAsLong() == json.get("primary").getAsLong()))
                .toList();
        return new ExpectedKeyset(json.get("fingerprint").getAsString(), keys);
    }
}
