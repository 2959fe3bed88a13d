// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.SecretOpener;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;

/** A workload with keys of its own. */
final class Account {
    private final TrustedKeyset keyset;

    Account() {
        this(new ServiceAccount("cluster.local", "payments", "api"));
    }

    Account(ServiceAccount identity) {
        keyset = Keysets.create(identity, KeyType.AES256_GCM);
    }

    ServiceAccount identity() {
        return keyset.identity();
    }

    SecretSealer sealer() {
        return keyset.sealer();
    }

    SecretOpener opener() {
        return keyset.opener();
    }

    String seal(Scope scope, String value) {
        return sealer().seal(scope, value.getBytes(UTF_8)).token();
    }

    /** The manifest, sealed for this account. */
    String sealed(String manifest) {
        return new String(
                Manifest.parse(manifest.getBytes(UTF_8))
                        .plan(identity(), false)
                        .seal(sealer())
                        .toBytes(),
                UTF_8);
    }

    String document() {
        return document("AAAA", "AesGcmKey");
    }

    String hybridDocument() {
        return document("AAAA", "HpkePrivateKey");
    }

    /** A document as the commands write it, of keys that nobody has. */
    String document(String wrapped, String type) {
        return """
                {
                  "podseal": "v1",
                  "identity": "%s",
                  "recipients": [
                    { "kek": "local-kms:/k",
                      "encryptedKeyset": {"encryptedKeyset":"%s","keysetInfo":{"keyInfo":[{"typeUrl":"type.googleapis.com/google.crypto.tink.%s"}]}} }
                  ]
                }
                """.formatted(identity(), wrapped, type);
    }
}
