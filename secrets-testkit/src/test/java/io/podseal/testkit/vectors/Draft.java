// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.podseal.ErrorCode;
import java.util.Arrays;
import java.util.List;

/** One vector while it is written. */
final class Draft {
    private final JsonObject json = new JsonObject();
    private final JsonObject expected = new JsonObject();

    Draft(String kind, String id, String claim) {
        json.addProperty("id", id);
        json.addProperty("claim", claim);
        json.addProperty("kind", kind);
    }

    JsonObject json() {
        JsonObject copy = json.deepCopy();
        copy.add("expected", expected);
        return copy;
    }

    Draft with(String name, JsonElement value) {
        json.add(name, value);
        return this;
    }

    Draft with(String name, String value) {
        return with(name, new JsonPrimitive(value));
    }

    Draft without(String name) {
        json.remove(name);
        return this;
    }

    Draft flag(String name) {
        return with(name, new JsonPrimitive(true));
    }

    Draft with(String name, List<? extends JsonElement> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return with(name, array);
    }

    Draft texts(String name, String... values) {
        return with(name, Arrays.stream(values).map(JsonPrimitive::new).toList());
    }

    Draft documents(JsonElement... documents) {
        return with("documents", Arrays.asList(documents));
    }

    /** Read by that account, which accepts these KEKs. */
    Draft reader(String identity, String... keks) {
        return with("identity", identity).texts("keks", keks);
    }

    Draft item(String secret, String key) {
        JsonObject place = new JsonObject();
        place.addProperty("secret", secret);
        place.addProperty("key", key);
        return with("place", place);
    }

    Draft refused(String mustReject, ErrorCode code) {
        json.addProperty("mustReject", mustReject);
        expected.addProperty("code", code.name());
        return this;
    }

    Draft beforeTheKmsIsAsked() {
        expected.addProperty("kmsCalls", 0);
        return this;
    }

    Draft kmsCalls(int calls) {
        expected.addProperty("kmsCalls", calls);
        return this;
    }

    Draft gives(String name, JsonElement value) {
        expected.add(name, value);
        return this;
    }

    Draft keysets(Keyset... keysets) {
        JsonArray array = new JsonArray();
        for (Keyset keyset : keysets) {
            array.add(described(keyset));
        }
        return gives("keysets", array);
    }

    static JsonObject described(Keyset keyset) {
        JsonArray keys = new JsonArray();
        for (Keyset.Key key : keyset.getKeyList()) {
            JsonObject one = new JsonObject();
            one.addProperty("id", Integer.toUnsignedLong(key.getKeyId()));
            one.addProperty("type", Fingerprints.type(key).typeName());
            one.addProperty("enabled", key.getStatus() == KeyStatusType.ENABLED);
            keys.add(one);
        }
        JsonObject description = new JsonObject();
        description.addProperty("fingerprint", Fingerprints.of(keyset));
        description.addProperty("primary", Integer.toUnsignedLong(keyset.getPrimaryKeyId()));
        description.add("keys", keys);
        return description;
    }
}
