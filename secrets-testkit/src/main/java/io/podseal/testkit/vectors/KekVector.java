// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonObject;

/** A KEK URI, as an application's configuration names it. */
public final class KekVector extends TestVector {
    KekVector(JsonObject json, Inputs inputs) {
        super(json, inputs);
    }

    /** The URI. */
    public String uri() {
        return json.get("uri").getAsString();
    }
}
