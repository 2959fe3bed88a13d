// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.cli.policy.ShellWord;
import io.podseal.keyset.EncryptedKeyset;
import java.util.Collection;
import java.util.stream.Collectors;

/** The KEKs that documents are wrapped for, as options ready to copy. */
final class Recipients {
    private static final int MAX_URI_CHARS = 2048;

    private Recipients() {}

    static String asOptions(Collection<EncryptedKeyset> documents) {
        return asUriOptions(
                documents.stream().flatMap(d -> d.keks().stream()).distinct().toList());
    }

    static String asUriOptions(Collection<String> uris) {
        return uris.stream().map(uri -> "--kek " + quoted(uri)).collect(Collectors.joining(" "));
    }

    /** Quoted, since whoever can write the document chose these words. */
    private static String quoted(String uri) {
        return ShellWord.of(uri.length() > MAX_URI_CHARS ? uri.substring(0, MAX_URI_CHARS) + "…" : uri);
    }
}
