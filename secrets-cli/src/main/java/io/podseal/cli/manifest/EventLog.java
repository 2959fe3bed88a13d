// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/** What a file means, event by event and without positions: two texts with the same log are the same to every reader. */
final class EventLog {
    private final List<String> events = new ArrayList<>();

    private EventLog() {}

    static List<String> of(List<YamlReader.Document> documents) {
        EventLog log = new EventLog();
        for (YamlReader.Document document : documents) {
            log.events.add("document " + document.directives());
            log.add(document.root());
        }
        return log.events;
    }

    private void add(YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar) {
            // Unquoted text may be a number or null to a reader, so the two kinds differ.
            events.add((scalar.isPlain() ? "plain " : "string ") + scalar.properties() + " " + scalar.value());
        } else if (node instanceof YamlNode.Alias alias) {
            events.add("alias " + alias.name());
        } else if (node instanceof YamlNode.Sequence sequence) {
            events.add("sequence " + sequence.flow() + " " + sequence.properties());
            sequence.items().forEach(this::add);
            events.add("end");
        } else if (node instanceof YamlNode.Mapping mapping) {
            events.add("mapping " + mapping.flow() + " " + mapping.properties());
            mapping.entries().forEach(entry -> {
                add(entry.key());
                add(entry.value());
            });
            events.add("end");
        }
    }
}
