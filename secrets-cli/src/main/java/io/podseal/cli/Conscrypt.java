// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.cli.manifest.KeysetItem;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.KeyType;
import java.nio.charset.StandardCharsets;

/** Installs the bundled Conscrypt where a key may need it: doing so always would slow every start. */
final class Conscrypt {
    private Conscrypt() {}

    static void install() {
        ConscryptInstaller.install();
    }

    static void installFor(KeyType type) {
        if (type.isHybrid()) {
            install();
        }
    }

    /** By Tink's own summary in the document, which nobody vouches for: it decides about speed alone. */
    static void installFor(EncryptedKeyset document) {
        boolean unknown = !new String(document.toJson(), StandardCharsets.UTF_8).contains("\"keysetInfo\"");
        if (unknown || KeysetItem.isHybrid(document)) {
            install();
        }
    }
}
