// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.Base64;

/** One item of a Secret in a manifest, in the map where it stands. */
final class SecretItem {
    private static final String DATA = "data";

    private final String secretLabel;
    private final String map;
    private final YamlNode.Mapping parent;
    private final YamlNode.Entry entry;
    private final YamlNode.Scalar key;
    private final YamlNode.Scalar value;

    SecretItem(String secretLabel, String map, YamlNode.Mapping parent, YamlNode.Entry entry) {
        this.secretLabel = secretLabel;
        this.map = map;
        this.parent = parent;
        this.entry = entry;
        this.key = scalar(entry.key(), "a name in " + map + " of " + secretLabel);
        this.value = scalar(entry.value(), "item '" + key.value() + "' in " + map + " of " + secretLabel);
    }

    private static YamlNode.Scalar scalar(YamlNode node, String what) {
        if (node instanceof YamlNode.Alias || !node.properties().isEmpty()) {
            throw ErrorCode.FORMAT.because(
                    what + " has an anchor, an alias or a tag, which would change other places too; write it out");
        }
        if (!(node instanceof YamlNode.Scalar scalar)) {
            throw ErrorCode.FORMAT.because(what + " is a list or an object; a Secret's items are strings");
        }
        if (scalar.isPlain() && scalar.value().equals("<<")) {
            throw ErrorCode.FORMAT.because(what + " is a merge key; write the merged items out");
        }
        if (scalar.isPlain() && !PlainScalar.isString(scalar.value())) {
            throw ErrorCode.FORMAT.because(what + " is a number, a boolean or null to YAML; put it in quotes");
        }
        if (!isUnicode(scalar.value())) {
            throw ErrorCode.FORMAT.because(what + " has half a surrogate pair, which no UTF-8 can hold");
        }
        return scalar;
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    String name() {
        return key.value();
    }

    YamlNode.Scalar value() {
        return value;
    }

    /** The value's bytes, as the API server would store them. */
    byte[] bytes() {
        if (!map.equals(DATA)) {
            return value.value().getBytes(UTF_8);
        }
        // The API server, too, passes over line breaks, and over nothing else.
        String base64 = value.value().replaceAll("[\r\n]", "");
        try {
            if (base64.length() % 4 == 0) {
                return Base64.getDecoder().decode(base64);
            }
        } catch (IllegalArgumentException notBase64) {
            // refused below
        }
        throw refused(ErrorCode.FORMAT, "is not base64; move the text to stringData, or encode it");
    }

    /** The bytes as they are written in this item's map. */
    String written(byte[] bytes) {
        return map.equals(DATA) ? Base64.getEncoder().encodeToString(bytes) : new String(bytes, UTF_8);
    }

    boolean inData() {
        return map.equals(DATA);
    }

    /** Says in the tree what an edit says in the text. */
    void becomes(YamlNode.Scalar newKey, YamlNode.Scalar newValue) {
        parent.replace(entry, new YamlNode.Entry(newKey, newValue));
    }

    YamlNode.Scalar key() {
        return key;
    }

    YamlNode.Mapping parent() {
        return parent;
    }

    PodsealException refused(ErrorCode code, String why) {
        return code.because(where() + " " + why);
    }

    String where() {
        return "item '" + name() + "' of " + secretLabel;
    }
}
