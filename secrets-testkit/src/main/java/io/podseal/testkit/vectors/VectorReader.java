// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.gson.JsonElement;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The application that reads a vector, as its own configuration describes it.
 *
 * @param identity who it is
 * @param keks the KEK URIs that it accepts, in this order
 * @param pins the fingerprints that it trusts; where there are none, it trusts what its KEKs unwrap
 * @param symmetricOnly whether it refuses what was sealed with a public key
 * @param requireItemBound whether it refuses account-bound tokens
 */
public record VectorReader(
        ServiceAccount identity, List<String> keks, Set<String> pins, boolean symmetricOnly, boolean requireItemBound) {
    static VectorReader of(TestVector vector) {
        return new VectorReader(
                ServiceAccount.parseSpiffeId(vector.json.get("identity").getAsString()),
                vector.each("keks").map(JsonElement::getAsString).toList(),
                vector.each("pins").map(JsonElement::getAsString).collect(Collectors.toUnmodifiableSet()),
                vector.flag("symmetricOnly"),
                vector.flag("requireItemBound"));
    }

    /** A builder of a store that is configured so, for what a carrier delivers. */
    public SecretStoreBuilder store(SecretSource source, VectorKms kms) {
        return SecretStore.of(source)
                .identity(identity)
                .keks(keksOf(kms))
                .pins(pins)
                .acceptSymmetricOnly(symmetricOnly)
                .requireItemBound(requireItemBound);
    }

    /** Its KEKs, served by that KMS. */
    public Keks keksOf(VectorKms kms) {
        return Keks.builder().keks(keks).client(kms).build();
    }
}
