// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Secret in a manifest. */
final class SecretObject {
    static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final YamlNode.Mapping mapping;
    private final ObjectReader members;
    private final YamlNode.@Nullable Mapping metadata;
    private final @Nullable String name;
    private final @Nullable String generateName;
    private final @Nullable String namespace;
    private final @Nullable String type;

    SecretObject(YamlNode.Mapping mapping) {
        this.mapping = mapping;
        this.members = new ObjectReader(mapping, "the manifest's Secret")
                .requirePlainNames()
                .requireDistinctNames();
        this.type = members.string("type");
        this.metadata = members.mapping("metadata");
        ObjectReader about = metadata == null
                ? members
                : new ObjectReader(metadata, "the Secret's metadata")
                        .requirePlainNames()
                        .requireDistinctNames();
        this.name = metadata == null ? null : about.string("name");
        this.generateName = metadata == null ? null : about.string("generateName");
        this.namespace = metadata == null ? null : about.string("namespace");
        requireNoLookAlike();
    }

    /** A misspelt map would go to Git in the clear and arrive nowhere. */
    private void requireNoLookAlike() {
        for (YamlNode.Entry entry : mapping.entries()) {
            String member = ((YamlNode.Scalar) entry.key()).value();
            String lower = member.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
            if ((lower.equals("data") && !member.equals("data"))
                    || (lower.equals("stringdata") && !member.equals("stringData"))) {
                throw ErrorCode.FORMAT.because(
                        label() + " has a member '" + member + "'; is 'data' or 'stringData' meant?");
            }
        }
    }

    YamlNode.Mapping mapping() {
        return mapping;
    }

    /** Null where the API server makes the name, or a tool adds it later. */
    @Nullable
    String name() {
        return name;
    }

    boolean hasGeneratedName() {
        return name == null && generateName != null;
    }

    @Nullable
    String namespace() {
        return namespace;
    }

    @Nullable
    String type() {
        return type;
    }

    String label() {
        return name != null ? "Secret '" + name + "'" : "a Secret without metadata.name";
    }

    /** The annotations, or null where there are none. */
    YamlNode.@Nullable Mapping annotations() {
        return metadata == null
                ? null
                : new ObjectReader(metadata, "the metadata of " + label()).mapping("annotations");
    }

    YamlNode.@Nullable Entry lastApplied() {
        YamlNode.Mapping annotations = annotations();
        return annotations == null
                ? null
                : new ObjectReader(annotations, "the annotations of " + label())
                        .requirePlainNames()
                        .entry(LAST_APPLIED);
    }

    YamlNode.@Nullable Mapping metadata() {
        return metadata;
    }

    /** One of the two maps of items, or null where it is absent. */
    YamlNode.@Nullable Mapping map(String map) {
        YamlNode.Entry entry = members.entry(map);
        if (entry != null
                && (entry.value() instanceof YamlNode.Alias
                        || !entry.value().properties().isEmpty())) {
            throw ErrorCode.FORMAT.because(map + " of " + label()
                    + " has an anchor, an alias or a tag, which would change other places too; write it out");
        }
        return members.mapping(map);
    }

    YamlNode.@Nullable Entry mapEntry(String map) {
        return members.entry(map);
    }

    /** The items of both maps in the order of the file. */
    List<SecretItem> items() {
        List<SecretItem> items = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (YamlNode.Entry member : mapping.entries()) {
            String map = ((YamlNode.Scalar) member.key()).value();
            YamlNode.Mapping entries = map.equals("data") || map.equals("stringData") ? map(map) : null;
            if (entries == null) {
                continue;
            }
            for (YamlNode.Entry entry : entries.entries()) {
                SecretItem item = new SecretItem(label(), map, entries, entry);
                String other = seen.put(item.name(), map);
                if (map.equals(other)) {
                    throw item.refused(ErrorCode.FORMAT, "stands twice in " + map + "; remove one");
                }
                if (other != null) {
                    throw item.refused(
                            ErrorCode.CONFIGURATION,
                            "stands in data and in stringData; remove the one that is not meant");
                }
                items.add(item);
            }
        }
        return items;
    }
}
