// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonObject;
import io.podseal.Scope;
import java.util.List;

/** A token, found in a place by a reader that has keyset documents. */
public final class TokenVector extends TestVector {
    TokenVector(JsonObject json, Inputs inputs) {
        super(json, inputs);
    }

    /** The token, or what stands in its place. */
    public byte[] token() {
        return inputs.bytes(json.get("token"));
    }

    /** Who reads it. */
    public VectorReader reader() {
        return VectorReader.of(this);
    }

    /** The keyset documents that the reader has. */
    public List<byte[]> documents() {
        return each("documents").map(inputs::bytes).toList();
    }

    /** Where it was found; account-bound where no Secret's name is known. */
    public Scope place() {
        JsonObject place = json.getAsJsonObject("place");
        if (place.has("property")) {
            return Scope.inline(reader().identity(), place.get("property").getAsString());
        }
        return place.has("secret")
                ? Scope.item(
                        reader().identity(),
                        place.get("secret").getAsString(),
                        place.get("key").getAsString())
                : Scope.accountBound(reader().identity());
    }

    /** Whether the value is asked for as text. */
    public boolean asText() {
        return flag("asText");
    }

    /**
     * The value that it opens to.
     *
     * @throws IllegalStateException where it is refused
     */
    public byte[] plaintext() {
        return inputs.bytes(expected("plaintext"));
    }
}
