// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.PublicKeyset;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.KubeletMount;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The threat model's table of substitutions, through whole stores: what somebody gains who may write Secrets. */
final class SubstitutionTest {
    private static final ServiceAccount SHOP = new ServiceAccount("cluster.local", "shop", "api");

    @TempDir
    Path folder;

    private final Workload workload = new Workload();
    private final MemorySource documents = new MemorySource(null).put("a document", workload.document());

    private SecretStoreBuilder store(SecretSource source) {
        return workload.store(source).keysets(documents);
    }

    private PodsealException refused(ErrorCode code, Carrier carrier, String token) {
        SecretSource source = carrier.lay(folder.resolve(Workload.SECRET), "password", token);
        return Refusal.of(code, () -> store(source).open().close());
    }

    private static String seal(TrustedKeyset keyset, Scope scope, String value) {
        return keyset.sealer().seal(scope, value.getBytes(UTF_8)).token();
    }

    /** The token with another header, as anybody can write it. */
    private static String moved(String token, Scope scope) {
        return "podseal:v1:" + scope + token.substring(token.lastIndexOf(':'));
    }

    // Items in other places

    @Test
    void twoItemsOfAMountThatChangedPlacesAreBothRefusedBeforeAnyKeyIsUsed() {
        KubeletMount mount = new KubeletMount(folder.resolve(Workload.SECRET));
        Map<String, byte[]> items = new HashMap<>(Map.of(Workload.DOCUMENT, workload.document()));
        items.put("user", workload.token("user", "api").getBytes(UTF_8));
        items.put("password", workload.token("password", "s3cret").getBytes(UTF_8));
        SecretStoreBuilder store =
                workload.store(SecretSource.mount(mount.write(items).directory(), null));
        store.open().close();
        assertThat(workload.kms.calls()).as("the control").isEqualTo(1);

        byte[] user = items.put("user", items.get("password"));
        items.put("password", user);
        mount.write(items);
        assertThat(Refusal.of(CONTEXT_MISMATCH, store::open).detail())
                .contains("item 'password'", "item 'user'", "move it back");
        assertThat(workload.kms.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void itemOfAnotherPlaceIsRefusedBeforeAnyKeyIsUsed(Carrier carrier) {
        Scope own = Scope.item(Workload.API, Workload.SECRET, "password");
        SecretSource source = carrier.lay(folder.resolve(Workload.SECRET), "password", workload.token(own, "1"));
        try (SecretStore control = store(source).open()) {
            assertThat(Workload.text(control, "password")).isEqualTo("1");
        }
        workload.kms.answers(FakeKms.WORKS); // counts from here

        refused(CONTEXT_MISMATCH, carrier, workload.token(Scope.item(Workload.API, Workload.SECRET, "user"), "1"));
        refused(CONTEXT_MISMATCH, carrier, workload.token(Scope.item(Workload.API, "other", "password"), "1"));
        refused(CONTEXT_MISMATCH, carrier, workload.token(Scope.inline(Workload.API, "password"), "1"));
        for (ServiceAccount other : List.of(Workload.WEB, SHOP)) {
            TrustedKeyset theirs = Keysets.create(other, KeyType.AES256_GCM);
            for (Scope scope : List.of(Scope.item(other, Workload.SECRET, "password"), Scope.accountBound(other))) {
                assertThat(refused(CONTEXT_MISMATCH, carrier, seal(theirs, scope, "1"))
                                .detail())
                        .contains("sealed for " + other.namespacedName(), "running as payments/api");
            }
        }
        assertThat(workload.kms.calls()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void headerEditedToFitIsNotAuthenticUnderTheSameKey(Carrier carrier) {
        Scope own = Scope.item(Workload.API, Workload.SECRET, "password");
        for (Scope other : List.of(
                Scope.item(Workload.API, Workload.SECRET, "user"),
                Scope.item(Workload.API, "other", "password"),
                Scope.inline(Workload.API, "password"),
                Scope.accountBound(Workload.API))) {
            refused(AUTHENTICATION, carrier, moved(workload.token(other, "1"), own));
        }
        refused(AUTHENTICATION, carrier, moved(workload.token(own, "1"), Scope.accountBound(Workload.API)));
    }

    @ParameterizedTest
    @EnumSource
    void keyOfAnotherAccountOrClusterIsUnknownWhateverTheHeaderSays(Carrier carrier) {
        Scope own = Scope.item(Workload.API, Workload.SECRET, "password");
        for (ServiceAccount other : List.of(Workload.WEB, SHOP)) {
            TrustedKeyset theirs = Keysets.create(other, KeyType.AES256_GCM);
            String token = seal(theirs, Scope.item(other, Workload.SECRET, "password"), "1");
            refused(UNKNOWN_KEY, carrier, moved(token, own));
        }
        ServiceAccount elsewhere = new ServiceAccount("other.local", "payments", "api");
        TrustedKeyset otherCluster = Keysets.create(elsewhere, KeyType.AES256_GCM);
        refused(UNKNOWN_KEY, carrier, seal(otherCluster, own, "1"));
    }

    // Keysets

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

    // Values that anybody can seal

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
