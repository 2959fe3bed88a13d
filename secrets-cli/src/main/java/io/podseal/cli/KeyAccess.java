// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.TrustedKeyset;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The KEKs that a command may ask, and the fingerprints that it insists on. */
final class KeyAccess {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Option(names = "--kek", paramLabel = "<uri>", description = "A KEK that may be asked; may be repeated.")
    private List<Kek> keks = List.of();

    @Option(
            names = "--fingerprint",
            paramLabel = "<sha256:…>",
            description = "Refuse every keyset but this; may be repeated.")
    private List<Word.Fingerprint> fingerprints = List.of();

    /** The named KEKs, located. */
    List<Kek> keks() {
        keks = keks.stream().map(Kek::located).toList();
        return keks;
    }

    /** Unwraps one document with the KEKs named for it. */
    TrustedKeyset unwrap(EncryptedKeyset document) {
        return unwrap(document, keks());
    }

    /** Unwraps one document with these of the named KEKs. */
    TrustedKeyset unwrap(EncryptedKeyset document, List<Kek> asked) {
        requireKek(List.of(document));
        return unwrap(document.identity(), List.of(document), asked).get(0);
    }

    /** Unwraps the documents of that account. */
    List<TrustedKeyset> unwrap(ServiceAccount identity, Collection<EncryptedKeyset> documents) {
        List<EncryptedKeyset> ours =
                documents.stream().filter(d -> d.identity().equals(identity)).toList();
        if (ours.isEmpty()) {
            throw ErrorCode.CONTEXT_MISMATCH.because("--identity and --trust-domain say " + identity
                    + ", but the keyset documents are those of "
                    + documents.stream()
                            .map(d -> d.identity().toString())
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + "; give this account's document, or correct the identity");
        }
        requireKek(ours);
        return unwrap(identity, ours, keks());
    }

    private List<TrustedKeyset> unwrap(ServiceAccount identity, List<EncryptedKeyset> documents, List<Kek> asked) {
        documents.forEach(document -> requireRecipient(document, asked));
        Set<String> pins = fingerprints.stream().map(Word.Fingerprint::text).collect(Collectors.toSet());
        List<TrustedKeyset> keysets = new KeysetUnwrapper(
                        Kek.keks(asked), pins, DEADLINE, new KeysetUnwrapper.Listener() {})
                .unwrap(identity, documents);
        keysets.forEach(keyset -> Conscrypt.installFor(keyset.keys()));
        return keysets;
    }

    /** Refuses a public document whose fingerprint is not among those insisted on. */
    void requireFingerprint(String fingerprint) {
        if (!fingerprints.isEmpty() && !fingerprints.contains(new Word.Fingerprint(fingerprint))) {
            throw ErrorCode.KEYSET_POLICY.because("the keyset has the fingerprint " + fingerprint
                    + ", which --fingerprint does not name; somebody may have replaced the file: compare with what"
                    + " 'podseal keyset create' printed");
        }
    }

    void requireKek(List<EncryptedKeyset> documents) {
        if (keks.isEmpty()) {
            throw ErrorCode.CONFIGURATION.because(
                    "the keyset is wrapped, and no KEK is named to unwrap it; add " + Recipients.asOptions(documents));
        }
    }

    private static void requireRecipient(EncryptedKeyset document, List<Kek> asked) {
        if (asked.stream().noneMatch(kek -> document.keks().contains(kek.uri()))) {
            throw ErrorCode.KEYSET_POLICY.because("the keyset of " + document.identity()
                    + " is not wrapped for the KEKs named here; add " + Recipients.asOptions(List.of(document)));
        }
    }
}
