// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a generation is made of: values and keyset documents, each in the order of names. What comes from one
 * source was read at one moment. A keyset source that failed is told only once the values were looked at: what refuses them
 * decides first.
 */
record Reading(
        List<SourceItem> values,
        List<SourceItem> documents,
        @Nullable PodsealException keysetFailure,
        Content content) {
    /** What was read, without holding it: it may be somebody's plaintext, put there by mistake. */
    record Content(Digest values, Digest documents) {}

    static Reading of(List<SourceItem> items, List<SecretSource> keysetSources, ItemFilter filter) {
        List<SourceItem> values = new ArrayList<>();
        List<SourceItem> documents = new ArrayList<>();
        for (SourceItem item : items) {
            if (filter.takes(item.name())) {
                values.add(item);
            } else if (keysetSources.isEmpty() && ItemFilter.isKeysetDocument(item.name())) {
                documents.add(item);
            }
        }
        PodsealException keysetFailure = null;
        try {
            keysetSources.forEach(source -> documents.addAll(source.read()));
        } catch (PodsealException failure) {
            keysetFailure = failure;
        }
        values.sort(Comparator.comparing(SourceItem::name));
        documents.sort(Comparator.comparing(SourceItem::name));
        return new Reading(values, documents, keysetFailure, new Content(Digest.of(values), Digest.of(documents)));
    }

    /** Whether its content says all: without values no keyset is needed. */
    boolean isComplete() {
        return keysetFailure == null || values.isEmpty();
    }

    List<EncryptedKeyset> keysets() {
        return documents.stream().map(Reading::parse).toList();
    }

    private static EncryptedKeyset parse(SourceItem document) {
        try {
            return EncryptedKeyset.parse(document.content());
        } catch (PodsealException refused) {
            throw refused.at("keyset document '" + document.name() + "'");
        }
    }

    /** Fails where there are values and nothing to open them with. */
    void requireKeysets(SecretSource source) {
        if (keysetFailure != null) {
            throw keysetFailure;
        }
        if (documents.isEmpty()) {
            throw ErrorCode.SOURCE_MISSING.because("there is no keyset document for the values of " + source
                    + ": none of its items ends with " + EncryptedKeyset.FILE_SUFFIX
                    + "; deliver the account's document beside them ('podseal seal --with-keyset'), or name it in"
                    + " podseal.keysets");
        }
    }
}
