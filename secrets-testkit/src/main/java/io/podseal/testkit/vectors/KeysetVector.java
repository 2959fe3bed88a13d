// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonObject;
import java.util.List;

/** Keyset documents, and the reader that has them unwrapped. */
public final class KeysetVector extends TestVector {
    KeysetVector(JsonObject json, Inputs inputs) {
        super(json, inputs);
    }

    /** The documents. */
    public List<byte[]> documents() {
        return each("documents").map(inputs::bytes).toList();
    }

    /** Who reads them. */
    public VectorReader reader() {
        return VectorReader.of(this);
    }

    /**
     * What they unwrap to: one keyset for each distinct document of the reader's identity.
     *
     * @throws IllegalStateException where it is refused
     */
    public List<ExpectedKeyset> keysets() {
        return expected("keysets").getAsJsonArray().asList().stream()
                .map(ExpectedKeyset::of)
                .toList();
    }
}
