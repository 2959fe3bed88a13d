// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import java.util.List;

/** Takes an entry out of a mapping: whole lines of a block, one element of a flow. */
final class EntryRemoval {
    private final SourceText source;
    private final SourceEdits edits;

    EntryRemoval(SourceText source, SourceEdits edits) {
        this.source = source;
        this.edits = edits;
    }

    void remove(YamlNode.Mapping mapping, YamlNode.Entry entry) {
        if (mapping.flow()) {
            removeElement(mapping, entry);
        } else {
            removeLines(entry);
        }
        mapping.entries().remove(mapping.indexOf(entry));
    }

    private void removeLines(YamlNode.Entry entry) {
        int start = source.lineStart(entry.key().start());
        if (!source.text().substring(start, entry.key().start()).isBlank()) {
            throw ErrorCode.FORMAT.because(
                    "the annotation stands in a line that cannot be removed safely; remove it by hand");
        }
        int lastLine = source.lineEnd(NodeEnd.of(source, entry.value()));
        edits.delete(start, source.afterBreak(lastLine));
    }

    private void removeElement(YamlNode.Mapping mapping, YamlNode.Entry entry) {
        List<YamlNode.Entry> entries = mapping.entries();
        int index = mapping.indexOf(entry);
        if (index + 1 < entries.size()) {
            edits.delete(entry.key().start(), entries.get(index + 1).key().start());
        } else {
            int before = index == 0
                    ? entry.key().start()
                    : NodeEnd.of(source, entries.get(index - 1).value());
            edits.delete(before, NodeEnd.of(source, entry.value()));
        }
    }
}
