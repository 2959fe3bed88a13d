// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
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

/** The threat model's table of substitutions, through whole stores: items in other places, by whoever may write Secrets. */
final class SubstitutedItemsTest {
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
}
