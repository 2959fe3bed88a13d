// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.cli.manifest.PlainScalar;

/** YAML under construction, line by line. */
final class YamlText {
    private final StringBuilder text = new StringBuilder();

    YamlText line(String line) {
        text.append(line).append('\n');
        return this;
    }

    /** A line that ends with a value, quoted where a reader would not take it for a string. */
    YamlText line(String head, String value) {
        return line(head + PlainScalar.quotedIfNeeded(value));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
