// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The threat model's table of substitutions, through whole stores: keysets of others, forged ones and old ones. */
final class SubstitutedKeysetsTest {
    private final Workload workload = new Workload();
    private final MemorySource documents = new MemorySource(null).put("a document", workload.document());

    private SecretStoreBuilder store(SecretSource source) {
        return workload.store(source).keysets(documents);
    }

    private static String seal(TrustedKeyset keyset, Scope scope, String value) {
        return keyset.sealer().seal(scope, value.getBytes(UTF_8)).token();
    }

    @Test
    void keysetOfAnotherAccountIsRefusedByItsIdentityAndRelabelledByTheKms() {
        MemorySource source = new MemorySource(Workload.SECRET).put("a", workload.token("a", "1"));
        byte[] theirs = workload.document(Keysets.create(Workload.WEB, KeyType.AES256_GCM));
        documents.put("a document", theirs);
        Refusal.of(CONTEXT_MISMATCH, () -> store(source).open());
        assertThat(workload.kms.calls()).as("before any call").isZero();

        String relabelled = new String(theirs, UTF_8).replace("/sa/web", "/sa/api");
        documents.put("a document", relabelled);
        Refusal.of(AUTHENTICATION, () -> store(source).open());
        assertThat(workload.kms.calls()).as("refused by the context").isEqualTo(1);
        documents.put("a document", workload.document());
        store(source).open().close();
    }

    @Test
    void keysetForgedWithTheKekOpensUnlessAFingerprintIsPinned() {
        TrustedKeyset forged = Keysets.create(Workload.API, KeyType.AES256_GCM);
        MemorySource source = new MemorySource(Workload.SECRET)
                .put(Workload.DOCUMENT, workload.document(forged))
                .put("a", seal(forged, Scope.item(Workload.API, Workload.SECRET, "a"), "forged"));
        try (SecretStore store = workload.store(source).open()) {
            assertThat(Workload.text(store, "a"))
                    .as("it takes the right to encrypt")
                    .isEqualTo("forged");
        }
        SecretStoreBuilder pinned = workload.store(source).pins(List.of(workload.keyset.fingerprint()));
        assertThat(Refusal.of(KEYSET_POLICY, pinned::open).detail()).contains(forged.fingerprint(), "not pinned");
        source.put("genuine.keyset.json", workload.document());
        Refusal.of(KEYSET_POLICY, pinned::open);
    }

    @Test
    void oldKeysetPutBackWithItsTokensOpensUnlessTheNewOneIsPinned() {
        TrustedKeyset old = workload.keyset;
        MemorySource replayed = workload.source().put("a", workload.token("a", "the old password"));
        TrustedKeyset added = Keysets.add(old);
        TrustedKeyset promoted = Keysets.promote(added, added.keys().get(1).id());
        TrustedKeyset retired = Keysets.remove(promoted, old.keys().get(0).id());
        MemorySource now = new MemorySource(Workload.SECRET)
                .put(Workload.DOCUMENT, workload.document(retired))
                .put("a", seal(retired, Scope.item(Workload.API, Workload.SECRET, "a"), "the new password"));
        List<String> pin = List.of(retired.fingerprint());
        try (SecretStore store = workload.store(now).pins(pin).open()) {
            assertThat(Workload.text(store, "a")).isEqualTo("the new password");
        }

        try (SecretStore store = workload.store(replayed).open()) {
            assertThat(Workload.text(store, "a")).isEqualTo("the old password");
        }
        Refusal.of(KEYSET_POLICY, () -> workload.store(replayed).pins(pin).open());
        // beside the new one, which alone does not open the old token
        replayed.put("new.keyset.json", workload.document(retired));
        Refusal.of(KEYSET_POLICY, () -> workload.store(replayed).pins(pin).open());
        replayed.remove(Workload.DOCUMENT);
        Refusal.of(UNKNOWN_KEY, () -> workload.store(replayed).pins(pin).open());
    }

    @Test
    void oldKeysetPutBackWhileRunningLeavesThePinnedOnesValues() {
        TrustedKeyset added = Keysets.add(workload.keyset);
        TrustedKeyset fresh = Keysets.promote(added, added.keys().get(1).id());
        MemorySource source = new MemorySource(Workload.SECRET)
                .put(Workload.DOCUMENT, workload.document(fresh))
                .put("a", seal(fresh, Scope.item(Workload.API, Workload.SECRET, "a"), "new"));
        try (SecretStore store =
                workload.store(source).pins(List.of(fresh.fingerprint())).open()) {
            source.put(Workload.DOCUMENT, workload.document()).put("a", workload.token("a", "old"));
            assertThat(store.refresh()).isFalse();
            assertThat(store.status().problem())
                    .isInstanceOfSatisfying(
                            PodsealException.class,
                            why -> assertThat(why.code()).isEqualTo(KEYSET_POLICY));
            assertThat(Workload.text(store, "a")).isEqualTo("new");
        }
    }
}
