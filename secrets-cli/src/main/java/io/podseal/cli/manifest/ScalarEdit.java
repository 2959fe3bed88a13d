// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

/** Puts a text of one line, plain in every context, in the place of a scalar; its quotes and its header's comment stay. */
final class ScalarEdit {
    private final SourceText source;
    private final SourceEdits edits;

    ScalarEdit(SourceText source, SourceEdits edits) {
        this.source = source;
        this.edits = edits;
    }

    void replace(YamlNode.Scalar scalar, String oneLine) {
        if (scalar.isBlock()) {
            edits.replace(scalar.start(), indicatorEnd(scalar), oneLine);
            deleteBody(scalar);
        } else if (scalar.isPlain()) {
            // An absent value is a mark directly behind the colon.
            edits.replace(scalar.start(), scalar.end(), (scalar.start() == scalar.end() ? " " : "") + oneLine);
        } else {
            edits.replace(scalar.start() + 1, scalar.end() - 1, oneLine);
        }
    }

    /** Blank lines behind the body stay where they are. */
    void deleteBody(YamlNode.Scalar block) {
        int bodyStart = source.afterBreak(source.lineEnd(block.start()));
        int bodyEnd = NodeEnd.ofBlock(source, block);
        if (bodyEnd > bodyStart) {
            edits.delete(bodyStart, source.afterBreak(bodyEnd));
        }
    }

    int indicatorEnd(YamlNode.Scalar block) {
        int end = block.start() + 1;
        while (end < source.text().length()
                && "+-0123456789".indexOf(source.text().charAt(end)) >= 0) {
            end++;
        }
        return end;
    }
}
