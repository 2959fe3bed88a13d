// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonObject;
import io.podseal.ServiceAccount;

/** A public keyset document. */
public final class PublicKeysetVector extends TestVector {
    PublicKeysetVector(JsonObject json, Inputs inputs) {
        super(json, inputs);
    }

    /** The document. */
    public byte[] document() {
        return inputs.bytes(json.get("document"));
    }

    /**
     * Whose keys they are.
     *
     * @throws IllegalStateException where it is refused
     */
    public ServiceAccount identity() {
        return ServiceAccount.parseSpiffeId(expected("identity").getAsString());
    }

    /**
     * What it holds.
     *
     * @throws IllegalStateException where it is refused
     */
    public ExpectedKeyset keyset() {
        return ExpectedKeyset.of(expected("keyset"));
    }
}
