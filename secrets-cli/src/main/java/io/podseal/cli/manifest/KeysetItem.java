// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A keyset document as an item of a Secret or ConfigMap. */
public final class KeysetItem {
    private KeysetItem() {}

    /**
     * Whether it holds HPKE keys, by Tink's own summary in the document. Nobody vouches for that summary: it decides about
     * names and speed alone.
     */
    public static boolean isHybrid(EncryptedKeyset document) {
        return new String(document.toJson(), StandardCharsets.UTF_8).contains("google.crypto.tink.Hpke");
    }

    /** The standard name of the item. */
    public static String name(EncryptedKeyset document) {
        return EncryptedKeyset.fileName(document.identity(), isHybrid(document));
    }

    /** The item as the lines of a YAML entry, without the last line break. */
    public static String entry(EncryptedKeyset document, int indent, boolean base64) {
        EntryText text = new EntryText(name(document), new String(document.toJson(), StandardCharsets.UTF_8));
        return (base64 ? text.inBase64() : text).block(indent, "\n").substring(1);
    }

    static boolean isNamedSo(String item) {
        return item.endsWith(EncryptedKeyset.FILE_SUFFIX);
    }

    static Optional<EncryptedKeyset> parse(byte[] item) {
        try {
            return Optional.of(EncryptedKeyset.parse(item));
        } catch (PodsealException notADocument) {
            return Optional.empty();
        }
    }
}
