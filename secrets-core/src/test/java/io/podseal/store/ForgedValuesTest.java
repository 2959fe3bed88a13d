// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SecretSealer;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.PublicKeyset;
import org.junit.jupiter.api.Test;

/** The threat model's table of substitutions, through whole stores: values that anybody can seal. */
final class ForgedValuesTest {
    @Test
    void valueForgedWithThePublicKeysetOpensUnlessTheApplicationAcceptsSymmetricKeysOnly() {
        Workload hybrid = new Workload(KeyType.HPKE_X25519);
        SecretSealer anybody =
                PublicKeyset.parse(hybrid.keyset.publicKeyset().toJson()).sealer();
        MemorySource source = hybrid.source()
                .put(
                        "a",
                        anybody.seal(Scope.item(Workload.API, Workload.SECRET, "a"), "forged".getBytes(UTF_8))
                                .token());
        try (SecretStore store = hybrid.store(source).requireItemBound(true).open()) {
            assertThat(Workload.text(store, "a")).isEqualTo("forged");
        }
        Refusal.of(
                KEYSET_POLICY,
                () -> hybrid.store(source).acceptSymmetricOnly(true).open());
    }

    @Test
    void accountBoundForgeryFitsEveryItemUnlessItemBoundOnesAreRequired() {
        Workload hybrid = new Workload(KeyType.HPKE_X25519);
        SecretSealer anybody =
                PublicKeyset.parse(hybrid.keyset.publicKeyset().toJson()).sealer();
        String token = anybody.seal(Scope.accountBound(Workload.API), "forged".getBytes(UTF_8))
                .token();
        MemorySource source = hybrid.source().put("a", token).put("b", token);
        try (SecretStore store = hybrid.store(source).open()) {
            assertThat(Workload.text(store, "a"))
                    .isEqualTo(Workload.text(store, "b"))
                    .isEqualTo("forged");
        }
        int before = hybrid.kms.calls();
        Refusal.of(
                CONTEXT_MISMATCH,
                () -> hybrid.store(source).requireItemBound(true).open());
        assertThat(hybrid.kms.calls()).isEqualTo(before);
    }
}
