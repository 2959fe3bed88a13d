// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * All vectors of the format, for {@code @MethodSource("io.podseal.testkit.vectors.TestVectors#tokens")} and the like. Later
 * releases add vectors; none is ever removed or changed.
 */
public final class TestVectors {
    static final List<String> FILES = List.of(
            "tokens", "tokens-refused", "items", "keysets", "documents-refused", "keysets-refused", "public", "keks");

    private TestVectors() {}

    /** Every vector. */
    public static Stream<TestVector> all() {
        return FILES.stream().flatMap(TestVectors::file);
    }

    /** Single tokens, good and bad. */
    public static Stream<TokenVector> tokens() {
        return all().filter(TokenVector.class::isInstance).map(TokenVector.class::cast);
    }

    /** What a carrier delivers as a whole, good and bad. */
    public static Stream<ItemsVector> items() {
        return all().filter(ItemsVector.class::isInstance).map(ItemsVector.class::cast);
    }

    /** Keyset documents, good and bad. */
    public static Stream<KeysetVector> keysets() {
        return all().filter(KeysetVector.class::isInstance).map(KeysetVector.class::cast);
    }

    /** Public keyset documents, good and bad. */
    public static Stream<PublicKeysetVector> publicKeysets() {
        return all().filter(PublicKeysetVector.class::isInstance).map(PublicKeysetVector.class::cast);
    }

    /** KEK URIs, good and bad. */
    public static Stream<KekVector> keks() {
        return all().filter(KekVector.class::isInstance).map(KekVector.class::cast);
    }

    private static Stream<TestVector> file(String name) {
        String resource = name + ".json";
        try (InputStream in = Objects.requireNonNull(TestVectors.class.getResourceAsStream(resource), resource)) {
            JsonObject file =
                    JsonParser.parseReader(new InputStreamReader(in, UTF_8)).getAsJsonObject();
            Inputs inputs = new Inputs(file.getAsJsonObject("inputs"));
            return file.getAsJsonArray("vectors").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(vector -> vector(vector, inputs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestVector vector(JsonObject json, Inputs inputs) {
        String kind = json.get("kind").getAsString();
        return switch (kind) {
            case "token" -> new TokenVector(json, inputs);
            case "items" -> new ItemsVector(json, inputs);
            case "keyset" -> new KeysetVector(json, inputs);
            case "public" -> new PublicKeysetVector(json, inputs);
            case "kek" -> new KekVector(json, inputs);
            default -> throw new IllegalStateException("a vector of an unknown kind: " + kind);
        };
    }
}
