// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import java.util.List;

/** One edit of a file under way: the tree says what the new text has to mean, the edits make that text. */
final class Draft {
    private final SourceText source;
    private final List<YamlReader.Document> documents;
    private final List<SecretObject> secrets;
    private final SourceEdits edits = new SourceEdits();

    Draft(SourceText source) {
        this.source = source;
        this.documents = YamlReader.read(source);
        this.secrets = SecretFinder.find(documents);
        if (secrets.isEmpty()) {
            throw ErrorCode.FORMAT.because(
                    "the manifest has no Secret (apiVersion: v1, kind: Secret), so there is nothing to seal or open");
        }
    }

    SourceText source() {
        return source;
    }

    List<SecretObject> secrets() {
        return secrets;
    }

    SourceEdits edits() {
        return edits;
    }

    ScalarEdit scalars() {
        return new ScalarEdit(source, edits);
    }

    /** The new text, if it means exactly what was meant. */
    SourceText finish() {
        SourceText edited = new SourceText(edits.apply(source.text()));
        if (!EventLog.of(YamlReader.read(edited)).equals(EventLog.of(documents))) {
            throw ErrorCode.FORMAT.because("the manifest is written in a way that cannot be edited safely, and was not;"
                    + " write the Secret in block style, with quoted values");
        }
        return edited;
    }
}
