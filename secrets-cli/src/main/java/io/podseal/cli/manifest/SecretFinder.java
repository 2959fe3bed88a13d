// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds every Secret of a file, also in a {@code kind: List}: one that was missed would stay in the clear. */
final class SecretFinder {
    private final List<SecretObject> found = new ArrayList<>();

    private SecretFinder() {}

    static List<SecretObject> find(List<YamlReader.Document> documents) {
        SecretFinder finder = new SecretFinder();
        documents.forEach(document -> finder.look(document.root()));
        return finder.found;
    }

    private void look(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping object)) {
            return;
        }
        ObjectReader members = new ObjectReader(object, "an object of the manifest");
        requireReadableNames(object, members);
        String kind = members.string("kind");
        String apiVersion = members.string("apiVersion");
        if (members.hasMergeKey() && (kind == null || apiVersion == null)) {
            throw members.refused(
                    "has a merge key and no kind or apiVersion of its own, so it may be a Secret; write" + " them out");
        }
        boolean core = apiVersion == null || apiVersion.equals("v1");
        if (kind == null || !core) {
            return;
        }
        switch (kind) {
            case "Secret" -> addSecret(object, members, apiVersion);
            case "SecretList" ->
                throw members.refused("is a SecretList; write kind: List, with apiVersion and kind in every" + " item");
            case "List" -> lookInto(members.requirePlainNames());
            default -> {}
        }
    }

    private static void requireReadableNames(YamlNode.Mapping object, ObjectReader members) {
        for (YamlNode.Entry entry : object.entries()) {
            if (entry.key() instanceof YamlNode.Alias) {
                throw members.refused("has a name that is an alias, so it may be a Secret; write the name out");
            }
        }
    }

    private void addSecret(YamlNode.Mapping object, ObjectReader members, @Nullable String apiVersion) {
        if (apiVersion == null) {
            throw members.refused("is a Secret without apiVersion; add apiVersion: v1");
        }
        found.add(new SecretObject(object));
    }

    private void lookInto(ObjectReader list) {
        YamlNode.Entry items = list.entry("items");
        if (items == null || ObjectReader.isNull(items.value())) {
            return;
        }
        if (!(items.value() instanceof YamlNode.Sequence sequence)) {
            throw ErrorCode.FORMAT.because("the items of a List in the manifest are not simply a list; write them out");
        }
        for (YamlNode item : sequence.items()) {
            if (item instanceof YamlNode.Alias) {
                throw ErrorCode.FORMAT.because("a List in the manifest has an alias among its items; write it out");
            }
            look(item);
        }
    }
}
