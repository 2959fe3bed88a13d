// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads the documents of a file into trees. */
final class YamlReader {
    private static final int MAX_DEPTH = 200;

    private final SourceText source;
    private final Iterator<Event> events;

    private YamlReader(SourceText source) {
        this.source = source;
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        this.events = new Parse(settings).parseString(source.text()).iterator();
    }

    /** A document: its directives as written, and its root. */
    record Document(String directives, YamlNode root) {}

    static List<Document> read(SourceText source) {
        try {
            return new YamlReader(source).documents();
        } catch (MarkedYamlEngineException malformed) {
            // Its own message quotes the line, which may be a value.
            Mark mark = malformed.getProblemMark().or(malformed::getContextMark).orElse(null);
            throw ErrorCode.FORMAT.because("the manifest is not YAML or JSON"
                    + (mark == null
                            ? ""
                            : ": see line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1)));
        } catch (YamlEngineException malformed) {
            throw ErrorCode.FORMAT.because("the manifest is not YAML or JSON: it has a character that neither allows");
        }
    }

    private List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent start) {
                String directives = start.getSpecVersion() + " " + start.getTags();
                documents.add(new Document(directives, node(events.next(), 0)));
            }
        }
        return documents;
    }

    private YamlNode node(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw ErrorCode.FORMAT.because("the manifest is nested deeper than " + MAX_DEPTH);
        }
        if (event instanceof ScalarEvent scalar) {
            return new YamlNode.Scalar(
                    start(event),
                    end(event),
                    properties(scalar.getAnchor().orElse(null), scalar.getTag().orElse(null)),
                    scalar.getScalarStyle(),
                    scalar.getValue());
        }
        if (event instanceof AliasEvent alias) {
            String name = alias.getAlias().getValue();
            return new YamlNode.Alias(start(event), end(event), properties(null, null), name);
        }
        CollectionStartEvent collection = (CollectionStartEvent) event;
        YamlNode.Properties properties = properties(
                collection.getAnchor().orElse(null), collection.getTag().orElse(null));
        return collection instanceof MappingStartEvent
                ? mapping(collection, properties, depth)
                : sequence(collection, properties, depth);
    }

    private YamlNode mapping(CollectionStartEvent start, YamlNode.Properties properties, int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Event next = events.next();
        while (next.getEventId() != Event.ID.MappingEnd) {
            YamlNode key = node(next, depth + 1);
            entries.add(new YamlNode.Entry(key, node(events.next(), depth + 1)));
            next = events.next();
        }
        return new YamlNode.Mapping(start(start), end(next), properties, start.isFlow(), entries);
    }

    private YamlNode sequence(CollectionStartEvent start, YamlNode.Properties properties, int depth) {
        List<YamlNode> items = new ArrayList<>();
        Event next = events.next();
        while (next.getEventId() != Event.ID.SequenceEnd) {
            items.add(node(next, depth + 1));
            next = events.next();
        }
        return new YamlNode.Sequence(start(start), end(next), properties, start.isFlow(), items);
    }

    private static YamlNode.Properties properties(@Nullable Anchor anchor, @Nullable String tag) {
        return new YamlNode.Properties(anchor == null ? null : anchor.getValue(), tag);
    }

    private int start(Event event) {
        return source.charOffset(event.getStartMark().orElseThrow().getIndex());
    }

    private int end(Event event) {
        return source.charOffset(event.getEndMark().orElseThrow().getIndex());
    }
}
