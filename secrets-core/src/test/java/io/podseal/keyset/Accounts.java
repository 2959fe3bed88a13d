// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The accounts and places of these tests, and a keyset's way through a KMS. */
final class Accounts {
    static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    static final ServiceAccount WEB = new ServiceAccount("cluster.local", "payments", "web");
    static final Scope PASSWORD = Scope.item(API, "db-credentials", "password");

    private static final KeysetUnwrapper.Listener NOBODY = new KeysetUnwrapper.Listener() {};

    private Accounts() {}

    static Keks keks(FakeKms... kmses) {
        Keks.Builder keks = Keks.builder();
        for (FakeKms kms : kmses) {
            keks.kek(kms.uri()).client(kms);
        }
        return keks.build();
    }

    static List<TrustedKeyset> unwrap(Keks keks, Set<String> pins, EncryptedKeyset... documents) {
        return new KeysetUnwrapper(keks, pins, Duration.ofMinutes(5), NOBODY).unwrap(API, List.of(documents));
    }

    static TrustedKeyset unwrap(FakeKms kms, EncryptedKeyset document) {
        return unwrap(keks(kms), Set.of(), document).get(0);
    }
}
