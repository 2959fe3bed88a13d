// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.keyset.Keks;
import java.util.Collection;

/** A KEK as the command line names it. */
record Kek(String uri) {
    static Kek parse(String uri) {
        if (KekUri.of(uri).isEmpty()) {
            throw ErrorCode.CONFIGURATION.because(
                    "not a KEK URI; it begins with aws-kms:// gcp-kms:// azure-kv:// hcvault:// pkcs11: or local-kms:");
        }
        KekUri.requireWellFormed(uri);
        return new Kek(uri);
    }

    KekUri kind() {
        return KekUri.of(uri).orElseThrow();
    }

    /** Refuses a provider whose client is not in this distribution. */
    private void requireBundled() {
        if (Kek.class.getResource("/" + kind().client().replace('.', '/') + ".class") == null) {
            throw ErrorCode.CONFIGURATION.because("this podseal cannot reach " + uri.substring(0, uri.indexOf(':') + 1)
                    + " keys: " + kind().artifact() + " is not bundled with it; use a distribution that has it");
        }
    }

    /** These KEKs, each with its client. */
    static Keks keks(Collection<Kek> keks) {
        keks.forEach(Kek::requireBundled);
        return KmsSettings.of(System.getenv(), keks).keks();
    }
}
