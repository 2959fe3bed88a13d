// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.Scope;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Real tokens and keyset documents, under keys of this run. */
final class Sealed {
    private static final String KEK = "fake-kms://kek";
    private static final Map<String, SecretSealer> SEALERS = new ConcurrentHashMap<>();

    static {
        ConscryptInstaller.install();
    }

    private Sealed() {}

    static ServiceAccount account(String namespacedName) {
        return ServiceAccount.parse(namespacedName, ServiceAccount.DEFAULT_TRUST_DOMAIN);
    }

    /** A token for {@code <namespace>/<account>} or {@code <namespace>/<account>/<secret>/<key>}. */
    static String token(String scope) {
        return token(scope, KeyType.AES256_GCM, 12);
    }

    static String token(String scope, KeyType type, int plaintextBytes) {
        String[] parts = scope.split("/", -1);
        ServiceAccount account = account(parts[0] + "/" + parts[1]);
        Scope place = parts.length == 2
                ? Scope.accountBound(account)
                : parts[2].equals(Scope.INLINE)
                        ? Scope.inline(account, parts[3])
                        : Scope.item(account, parts[2], parts[3]);
        return SEALERS.computeIfAbsent(
                        account.namespacedName() + " " + type,
                        any -> keyset(account, type).sealer())
                .seal(place, new byte[plaintextBytes])
                .token();
    }

    static byte[] document(ServiceAccount account, KeyType type) {
        Keks keks = Keks.builder().client(new FakeKms(KEK)).kek(KEK).build();
        return Keysets.wrap(keyset(account, type), keks).toJson();
    }

    private static TrustedKeyset keyset(ServiceAccount account, KeyType type) {
        return Keysets.create(account, type);
    }
}
