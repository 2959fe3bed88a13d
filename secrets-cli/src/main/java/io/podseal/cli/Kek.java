// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.keyset.Keks;
import java.util.Collection;
import java.util.List;

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

    /** The same KEK in the words that an application needs too: a token by its slot. Asks the token's module where it must. */
    Kek located() {
        return kind() == KekUri.PKCS11 && TokenSlot.isNamedByToken(uri)
                ? new Kek(TokenSlot.located(uri, KmsSettings.of(System.getenv(), List.of())))
                : this;
    }

    /** These KEKs, located; says what each became. */
    static List<Kek> located(List<Kek> keks, Streams streams) {
        return keks.stream()
                .map(kek -> {
                    Kek located = kek.located();
                    if (!located.equals(kek)) {
                        streams.note(kek.uri() + " is " + located.uri() + ", which podseal.keks has to name");
                    }
                    return located;
                })
                .toList();
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
