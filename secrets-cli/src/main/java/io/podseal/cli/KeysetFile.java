// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.PublicKeyset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/** What a file with a keyset document holds. */
sealed interface KeysetFile {
    /** Whose keys these are. */
    ServiceAccount identity();

    /** Keys that only a KEK makes usable. */
    record Wrapped(EncryptedKeyset document) implements KeysetFile {
        @Override
        public ServiceAccount identity() {
            return document.identity();
        }
    }

    /** Keys that seal for everybody. */
    record Public(PublicKeyset keyset) implements KeysetFile {
        @Override
        public ServiceAccount identity() {
            return keyset.identity();
        }
    }

    /** Either kind of document. */
    static KeysetFile read(Path file) {
        return parse(file, json -> {
            String text = new String(json, StandardCharsets.UTF_8);
            if (text.contains("\"publicKeyset\"") && !text.contains("\"recipients\"")) {
                PublicKeyset keyset = PublicKeyset.parse(json);
                Conscrypt.installFor(keyset.keys());
                return new Public(keyset);
            }
            return new Wrapped(EncryptedKeyset.parse(json));
        });
    }

    /** A wrapped document; a public one is refused. */
    static EncryptedKeyset readWrapped(Path file) {
        return parse(file, EncryptedKeyset::parse);
    }

    private static <T> T parse(Path file, Function<byte[], T> parser) {
        byte[] json = Input.file(file, Input.MAX_DOCUMENT_BYTES, "the keyset document");
        try {
            return parser.apply(json);
        } catch (PodsealException refused) {
            throw refused.at(file.toString());
        }
    }
}
