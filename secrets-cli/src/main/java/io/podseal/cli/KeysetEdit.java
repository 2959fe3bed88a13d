// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyInfo;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that change a keyset and replace its document. */
final class KeysetEdit {
    @Parameters(paramLabel = "<file>", description = "The keyset document; it is replaced.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private final KeyAccess access = new KeyAccess();

    @Option(names = "--drop-others", description = "Remove the recipients that no --kek names.")
    private boolean dropOthers;

    @Mixin
    private final PublicOut publicOut = new PublicOut();

    @Option(names = "--force", description = "Overwrite the file of --public-out.")
    private boolean force;

    /** Changes the keyset for the recipients that it has. */
    void change(Streams streams, UnaryOperator<TrustedKeyset> change) {
        EncryptedKeyset document = read();
        access.requireKek(List.of(document));
        Keks keks = Kek.keks(recipients(document));
        replace(streams, change.apply(access.unwrap(document, access.keks().subList(0, 1))), keks);
    }

    /** Keeps the keyset and changes its recipients. */
    void rewrap(Streams streams, List<Kek> recipients) {
        EncryptedKeyset document = read();
        access.requireKek(List.of(document));
        Keks keks = Kek.keks(Kek.located(recipients, streams));
        replace(streams, access.unwrap(document), keks);
    }

    private EncryptedKeyset read() {
        publicOut.requireFree(file, force);
        return KeysetFile.readWrapped(file);
    }

    /** The KEKs to wrap for, in the document's order: a keyset that some recipients lack would lock them out. */
    private List<Kek> recipients(EncryptedKeyset document) {
        Set<String> named = access.keks().stream().map(Kek::uri).collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> strangers =
                named.stream().filter(uri -> !document.keks().contains(uri)).toList();
        if (!strangers.isEmpty()) {
            throw ErrorCode.KEYSET_POLICY.because("the keyset is not wrapped for " + String.join(", ", strangers)
                    + "; its recipients are " + Recipients.asOptions(List.of(document))
                    + " (others are added with 'podseal keyset rewrap')");
        }
        List<String> missing = new ArrayList<>(document.keks());
        missing.removeAll(named);
        if (!missing.isEmpty() && !dropOthers) {
            throw ErrorCode.CONFIGURATION.because(
                    "the keyset has recipients that are not named and would be left with the old" + " keys; add "
                            + Recipients.asUriOptions(missing) + ", or remove them with --drop-others");
        }
        return document.keks().stream().filter(named::contains).map(Kek::parse).toList();
    }

    private void replace(Streams streams, TrustedKeyset keyset, Keks keks) {
        publicOut.requireHybrid(keyset.type());
        Output.replacing(file).write(Keysets.wrap(keyset, keks).toJson());
        publicOut.write(keyset, force);
        streams.note("the keyset's keys are now "
                + keyset.keys().stream().map(KeysetEdit::described).collect(Collectors.joining(", ")));
        streams.result(keyset.fingerprint() + "\n");
    }

    private static String described(KeyInfo key) {
        return key.id() + (key.primary() ? " (primary)" : key.enabled() ? "" : " (disabled)");
    }
}
