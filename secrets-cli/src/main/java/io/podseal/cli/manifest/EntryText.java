// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** How a new entry is written: as a literal block where the context allows it, else quoted on one line. */
record EntryText(String name, String value, boolean plain) {
    static final YamlNode.Properties NONE = new YamlNode.Properties(null, null);

    EntryText(String name, String value) {
        this(name, value, false);
    }

    /** The same for {@code data}. */
    EntryText inBase64() {
        return new EntryText(name, Base64.getEncoder().encodeToString(value.getBytes(UTF_8)), true);
    }

    /** Whether a literal block gives back exactly this text. */
    boolean fitsLiteral() {
        return value.matches("(?s)\\S.*")
                && !value.endsWith("\n\n")
                && value.codePoints().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f));
    }

    String indicator() {
        return value.endsWith("\n") ? "|" : "|-";
    }

    /** The lines of a literal block, each with its line break. */
    String body(int indent, String lineBreak) {
        return value.lines()
                .map(line -> (line.isEmpty() ? "" : " ".repeat(indent)) + line + lineBreak)
                .collect(Collectors.joining());
    }

    /** For a block mapping: a line break, then the entry without its last one. */
    String block(int indent, String lineBreak) {
        String head = lineBreak + " ".repeat(indent) + name + ": ";
        if (plain) {
            return head + value;
        }
        if (!fitsLiteral()) {
            return head + quoted();
        }
        String lines = indicator() + lineBreak + body(indent + 2, lineBreak);
        return head + lines.substring(0, lines.length() - lineBreak.length());
    }

    String flowEntry() {
        return quoted(name) + ": " + quoted();
    }

    /** A new map with this entry alone, as a member of an object. */
    String nested(String map, boolean flow, int indent, String lineBreak) {
        return flow
                ? ", " + quoted(map) + ": {" + flowEntry() + "}"
                : lineBreak + " ".repeat(indent) + map + ":" + block(indent + 2, lineBreak);
    }

    String quoted() {
        return quoted(value);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append('"').toString();
    }

    YamlNode.Scalar scalar(ScalarStyle style) {
        return new YamlNode.Scalar(0, 0, NONE, style, value);
    }

    /** As it stands in that map. */
    YamlNode.Scalar scalar(YamlNode.Mapping map) {
        return scalar(map.flow() || !fitsLiteral() ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.LITERAL);
    }

    YamlNode.Mapping map(boolean flow) {
        return new YamlNode.Mapping(
                0,
                0,
                NONE,
                flow,
                List.of(new YamlNode.Entry(plainOrQuoted(name, flow), scalar(ScalarStyle.DOUBLE_QUOTED))));
    }

    static YamlNode.Scalar plainOrQuoted(String name, boolean flow) {
        return new YamlNode.Scalar(0, 0, NONE, flow ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN, name);
    }
}
