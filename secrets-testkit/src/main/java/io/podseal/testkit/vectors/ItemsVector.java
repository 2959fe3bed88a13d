// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All items that a carrier delivers at once, keyset documents among them: they open together, or none does. */
public final class ItemsVector extends TestVector {
    ItemsVector(JsonObject json, Inputs inputs) {
        super(json, inputs);
    }

    /** The items by name. */
    public SortedMap<String, byte[]> items() {
        return bytes(json.getAsJsonObject("items"));
    }

    /** The Secret that they are items of, where the carrier knows it. */
    public Optional<String> secret() {
        return Optional.ofNullable(json.get("secret")).map(JsonElement::getAsString);
    }

    /** Who reads them. */
    public VectorReader reader() {
        return VectorReader.of(this);
    }

    /**
     * The values that they open to, by name.
     *
     * @throws IllegalStateException where it is refused
     */
    public SortedMap<String, byte[]> values() {
        return bytes(expected("values").getAsJsonObject());
    }

    private SortedMap<String, byte[]> bytes(JsonObject members) {
        SortedMap<String, byte[]> bytes = new TreeMap<>();
        for (Map.Entry<String, JsonElement> member : members.entrySet()) {
            bytes.put(member.getKey(), inputs.bytes(member.getValue()));
        }
        return bytes;
    }
}
