// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.podseal.ErrorCode;
import java.util.Optional;
import java.util.stream.Stream;

/** One claim about the format, with the input that it is about and what must become of it. Immutable and thread-safe. */
public abstract sealed class TestVector permits TokenVector, ItemsVector, KeysetVector, PublicKeysetVector, KekVector {
    final JsonObject json;
    final Inputs inputs;

    TestVector(JsonObject json, Inputs inputs) {
        this.json = json;
        this.inputs = inputs;
    }

    /** The stable name; it is never given to another claim. */
    public final String id() {
        return json.get("id").getAsString();
    }

    /** The claim in words. */
    public final String claim() {
        return json.get("claim").getAsString();
    }

    /** The line of the specification's list of what must be rejected, for example {@code T-05}. */
    public final Optional<String> mustReject() {
        return Optional.ofNullable(json.get("mustReject")).map(JsonElement::getAsString);
    }

    /** The code of the refusal; empty where the input is good. */
    public final Optional<ErrorCode> code() {
        return Optional.ofNullable(expected().get("code"))
                .map(JsonElement::getAsString)
                .map(ErrorCode::valueOf);
    }

    /** Whether an implementation without X-Wing has to give this vector a miss. */
    public final boolean needsXWing() {
        return flag("needsXWing");
    }

    /** How often the KMS may be asked, where the claim is about that. */
    public final Optional<Integer> kmsCalls() {
        return Optional.ofNullable(expected().get("kmsCalls")).map(JsonElement::getAsInt);
    }

    private JsonObject expected() {
        return json.getAsJsonObject("expected");
    }

    /** What a good input gives. */
    final JsonElement expected(String member) {
        JsonElement value = expected().get(member);
        if (value == null) {
            throw new IllegalStateException(this + " gives no " + member + ": it is refused");
        }
        return value;
    }

    final boolean flag(String name) {
        return json.has(name) && json.get(name).getAsBoolean();
    }

    final Stream<JsonElement> each(String name) {
        return json.has(name) ? json.getAsJsonArray(name).asList().stream() : Stream.of();
    }

    /** Id and claim: the display name of a parameterised test. */
    @Override
    public final String toString() {
        return id() + ": " + claim();
    }
}
