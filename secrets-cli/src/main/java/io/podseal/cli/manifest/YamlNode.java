// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * A node as the file writes it: with its anchor and tag, aliases unresolved, duplicates kept, and where it stands. A tree is
 * edited along with its text, so that it says what the new text has to mean.
 */
sealed interface YamlNode {
    /** Where it begins, its anchor and tag included. */
    int start();

    /** Where it ends; for block scalars behind the trailing blank lines, for block collections not to be relied on. */
    int end();

    /** What stands before a node. */
    record Properties(@Nullable String anchor, @Nullable String tag) {
        boolean isEmpty() {
            return anchor == null && tag == null;
        }
    }

    Properties properties();

    /** A string, or what stands in the place of one. */
    record Scalar(int start, int end, Properties properties, ScalarStyle style, String value) implements YamlNode {
        boolean isPlain() {
            return style == ScalarStyle.PLAIN;
        }

        boolean isBlock() {
            return style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
        }

        /** The same node with a value of one line: a block becomes plain, quotes stay. */
        Scalar with(String oneLine) {
            return new Scalar(start, end, properties, isBlock() ? ScalarStyle.PLAIN : style, oneLine);
        }
    }

    /** {@code *name}. */
    record Alias(int start, int end, Properties properties, String name) implements YamlNode {}

    /** A list. */
    record Sequence(int start, int end, Properties properties, boolean flow, List<YamlNode> items)
            implements YamlNode {}

    /** One name and its value. */
    record Entry(YamlNode key, YamlNode value) {
        boolean isNamed(String name) {
            return key instanceof Scalar scalar && scalar.value().equals(name);
        }
    }

    /** An object; its entries in their order. */
    final class Mapping implements YamlNode {
        private final int start;
        private final int end;
        private final Properties properties;
        private final boolean flow;
        private final List<Entry> entries;

        Mapping(int start, int end, Properties properties, boolean flow, List<Entry> entries) {
            this.start = start;
            this.end = end;
            this.properties = properties;
            this.flow = flow;
            this.entries = new ArrayList<>(entries);
        }

        @Override
        public int start() {
            return start;
        }

        @Override
        public int end() {
            return end;
        }

        @Override
        public Properties properties() {
            return properties;
        }

        boolean flow() {
            return flow;
        }

        /** May be changed, as the text is. */
        List<Entry> entries() {
            return entries;
        }

        void replace(Entry old, Entry replacement) {
            entries.set(indexOf(old), replacement);
        }

        /** No two entries of a file are equal, since their positions differ. */
        int indexOf(Entry entry) {
            return entries.indexOf(entry);
        }
    }
}
