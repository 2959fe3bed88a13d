// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import org.jspecify.annotations.Nullable;

/** Reads members of a mapping whose meaning decides what is sealed: only such as every reader understands alike. */
final class ObjectReader {
    private final YamlNode.Mapping mapping;
    private final String what;

    ObjectReader(YamlNode.Mapping mapping, String what) {
        this.mapping = mapping;
        this.what = what;
    }

    /** Refuses names that stand for others, and merge keys. */
    ObjectReader requirePlainNames() {
        for (YamlNode.Entry entry : mapping.entries()) {
            if (!(entry.key() instanceof YamlNode.Scalar key)) {
                throw refused("has a name that is an alias or no string");
            }
            if (key.isPlain() && key.value().equals("<<")) {
                throw refused("has a merge key, which may hide values; write the merged members out");
            }
        }
        return this;
    }

    /** Refuses a second member of the same name. */
    ObjectReader requireDistinctNames() {
        mapping.entries().stream()
                .filter(entry -> entry.key() instanceof YamlNode.Scalar)
                .forEach(entry -> entry(((YamlNode.Scalar) entry.key()).value()));
        return this;
    }

    boolean hasMergeKey() {
        return mapping.entries().stream()
                .anyMatch(entry -> entry.key() instanceof YamlNode.Scalar key
                        && key.isPlain()
                        && key.value().equals("<<"));
    }

    YamlNode.@Nullable Entry entry(String name) {
        YamlNode.Entry found = null;
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.isNamed(name)) {
                if (found != null) {
                    throw refused("names '" + name + "' twice; remove one");
                }
                found = entry;
            }
        }
        return found;
    }

    /** The string, or null where it is absent or null. */
    @Nullable
    String string(String name) {
        YamlNode value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof YamlNode.Scalar scalar
                && scalar.properties().tag() == null
                && (!scalar.isPlain() || PlainScalar.isString(scalar.value()))) {
            return scalar.value();
        }
        throw refused("has a '" + name + "' that is not simply a string; write it out, in quotes");
    }

    /** The object, or null where it is absent or null. */
    YamlNode.@Nullable Mapping mapping(String name) {
        YamlNode value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof YamlNode.Mapping object && value.properties().tag() == null) {
            return object;
        }
        throw refused("has '" + name + "' that is not simply an object; write it out");
    }

    private @Nullable YamlNode value(String name) {
        YamlNode.Entry entry = entry(name);
        return entry == null || isNull(entry.value()) ? null : entry.value();
    }

    static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar
                && scalar.isPlain()
                && scalar.properties().tag() == null
                && scalar.value().matches("|~|null|Null|NULL");
    }

    PodsealException refused(String why) {
        return ErrorCode.FORMAT.because(what + " " + why);
    }
}
