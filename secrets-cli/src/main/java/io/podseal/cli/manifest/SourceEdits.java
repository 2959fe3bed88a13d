// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replacements of ranges of a text; all positions are those of the text before. */
final class SourceEdits {
    private final List<Edit> edits = new ArrayList<>();

    private record Edit(int start, int end, String replacement) {}

    void replace(int start, int end, String replacement) {
        edits.add(new Edit(start, end, replacement));
    }

    void delete(int start, int end) {
        replace(start, end, "");
    }

    void insert(int position, String text) {
        replace(position, position, text);
    }

    String apply(String text) {
        edits.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        for (Edit edit : edits) {
            if (edit.start < at) {
                throw new IllegalStateException("two edits overlap");
            }
            out.append(text, at, edit.start).append(edit.replacement);
            at = edit.end;
        }
        return out.append(text, at, text.length()).toString();
    }
}
