// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import java.util.List;

/** Where a node's own text ends; the parser puts the end of a block where the next thing begins. */
final class NodeEnd {
    private NodeEnd() {}

    static int of(SourceText source, YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar && scalar.isBlock()) {
            return ofBlock(source, scalar);
        }
        if (node instanceof YamlNode.Mapping mapping && !mapping.flow()) {
            List<YamlNode.Entry> entries = mapping.entries();
            return of(source, entries.get(entries.size() - 1).value());
        }
        if (node instanceof YamlNode.Sequence sequence && !sequence.flow()) {
            return of(source, sequence.items().get(sequence.items().size() - 1));
        }
        return node.end();
    }

    /** The end of a block scalar's last line that is not blank, before its line break. */
    static int ofBlock(SourceText source, YamlNode.Scalar block) {
        String text = source.text();
        int end = Math.min(block.end(), text.length());
        while (end > block.start() && " \t\r\n".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return source.lineEnd(end);
    }
}
