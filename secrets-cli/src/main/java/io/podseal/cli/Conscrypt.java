// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.KeyInfo;
import io.podseal.keyset.KeyType;
import java.util.Collection;

/** Installs the bundled Conscrypt where a key needs it: doing so always would slow every start. */
final class Conscrypt {
    private Conscrypt() {}

    static void installFor(KeyType type) {
        if (type == KeyType.HPKE_XWING) {
            ConscryptInstaller.install();
        }
    }

    static void installFor(Collection<KeyInfo> keys) {
        keys.forEach(key -> installFor(key.type()));
    }
}
