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

    /** Whose keys they are. */
    public ServiceAccount identity() {
        return ServiceAccount.parseSpiffeId(expected().get("identity").getAsString());
    }

    /** What it holds. */
    public ExpectedKeyset keyset() {
        return ExpectedKeyset.of(expected().get("keyset"));
    }
}
