// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import java.util.Objects;

/** {@code kubectl apply}'s copy of the object as it was, with its values in the clear. */
final class LastApplied {
    private LastApplied() {}

    static SourceText strip(SourceText source) {
        Draft draft = new Draft(source);
        EntryRemoval removal = new EntryRemoval(source, draft.edits());
        for (SecretObject secret : draft.secrets()) {
            YamlNode.Entry copy = secret.lastApplied();
            if (copy == null) {
                continue;
            }
            YamlNode.Mapping annotations = Objects.requireNonNull(secret.annotations());
            YamlNode.Mapping metadata = Objects.requireNonNull(secret.metadata());
            if (annotations.entries().size() > 1) {
                removal.remove(annotations, copy);
            } else {
                // An empty block would no longer be an object.
                removal.remove(
                        metadata, Objects.requireNonNull(new ObjectReader(metadata, "metadata").entry("annotations")));
            }
        }
        return draft.finish();
    }
}
