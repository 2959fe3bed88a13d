// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.keyset.EncryptedKeyset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Puts a keyset document into the one Secret of a file, in the place of an older one of its identity and kind. */
final class KeysetAddition {
    private static final String STRING_DATA = "stringData";

    private final Draft draft;
    private final SecretObject secret;
    private final EncryptedKeyset document;
    private final String name;
    private final EntryText text;

    private KeysetAddition(Draft draft, EncryptedKeyset document) {
        this.draft = draft;
        this.secret = draft.secrets().get(0);
        this.document = document;
        this.name = KeysetItem.name(document);
        this.text = new EntryText(name, new String(document.toJson(), UTF_8));
    }

    static SourceText add(SourceText source, EncryptedKeyset document) {
        Draft draft = new Draft(source);
        if (draft.secrets().size() > 1) {
            throw ErrorCode.CONFIGURATION.because("--with-keyset needs a manifest with one Secret, this has "
                    + draft.secrets().size()
                    + "; split the file, or deliver the keyset with 'podseal keyset manifest'");
        }
        KeysetAddition addition = new KeysetAddition(draft, document);
        SecretItem older = addition.older();
        if (older != null) {
            addition.replace(older);
        } else {
            addition.insert();
        }
        return draft.finish();
    }

    private @Nullable SecretItem older() {
        List<SecretItem> older = secret.items().stream().filter(this::isOlder).toList();
        if (older.size() > 1) {
            throw ErrorCode.CONFIGURATION.because(secret.label() + " has several keyset documents of "
                    + document.identity() + ": "
                    + older.stream().map(SecretItem::name).collect(Collectors.joining(", "))
                    + "; remove all but one");
        }
        return older.isEmpty() ? null : older.get(0);
    }

    private boolean isOlder(SecretItem item) {
        if (!KeysetItem.isNamedSo(item.name())) {
            return false;
        }
        boolean same = KeysetItem.parse(item.bytes())
                .filter(d -> d.identity().equals(document.identity()))
                .filter(d -> KeysetItem.isHybrid(d) == KeysetItem.isHybrid(document))
                .isPresent();
        if (!same && item.name().equals(name)) {
            throw item.refused(
                    ErrorCode.CONFIGURATION,
                    "is not a keyset document of " + document.identity() + ", but has its name; rename or remove it");
        }
        return same;
    }

    private void replace(SecretItem item) {
        YamlNode.Scalar newKey = item.key().with(name);
        if (!item.name().equals(name)) {
            draft.scalars().replace(item.key(), name);
        }
        if (Arrays.equals(item.bytes(), document.toJson())) {
            item.becomes(newKey, item.value());
        } else if (item.inData()) {
            String base64 = item.written(document.toJson());
            draft.scalars().replace(item.value(), base64);
            item.becomes(newKey, item.value().with(base64));
        } else {
            item.becomes(newKey, replaceText(item.value(), item.parent()));
        }
    }

    private YamlNode.Scalar replaceText(YamlNode.Scalar value, YamlNode.Mapping parent) {
        SourceText source = draft.source();
        if (!value.isBlock()) {
            draft.edits().replace(value.start(), value.end(), text.quoted());
            return text.scalar(ScalarStyle.DOUBLE_QUOTED);
        }
        boolean literal = text.fitsLiteral();
        draft.edits()
                .replace(
                        value.start(), draft.scalars().indicatorEnd(value), literal ? text.indicator() : text.quoted());
        draft.scalars().deleteBody(value);
        if (literal) {
            int body = source.afterBreak(source.lineEnd(value.start()));
            draft.edits().insert(body, text.body(column(parent) + 2, source.lineBreak(value.start())));
        }
        return text.scalar(literal ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED);
    }

    private void insert() {
        YamlNode.Mapping strings = secret.map(STRING_DATA);
        YamlNode.Mapping data = secret.map("data");
        if (strings != null && !strings.entries().isEmpty()) {
            insertInto(strings, text, text.scalar(strings));
        } else if (data != null && !data.entries().isEmpty()) {
            EntryText base64 = text.inBase64();
            insertInto(data, base64, new YamlNode.Scalar(0, 0, EntryText.NONE, ScalarStyle.PLAIN, base64.value()));
        } else {
            insertMap(secret.mapEntry(STRING_DATA));
        }
    }

    /** Replaces an empty {@code stringData}, or adds it as the last member of the Secret. */
    private void insertMap(YamlNode.@Nullable Entry empty) {
        YamlNode.Mapping object = secret.mapping();
        if (empty != null) {
            YamlNode old = empty.value();
            String gap = old.start() == old.end() ? " " : "";
            draft.edits().replace(old.start(), old.end(), gap + "{" + text.flowEntry() + "}");
            object.replace(empty, new YamlNode.Entry(empty.key(), text.map(true)));
        } else {
            insertAfterLast(object, text.nested(STRING_DATA, object.flow(), column(object), lineBreak(object)));
            object.entries()
                    .add(new YamlNode.Entry(
                            EntryText.plainOrQuoted(STRING_DATA, object.flow()), text.map(object.flow())));
        }
    }

    private void insertInto(YamlNode.Mapping map, EntryText entry, YamlNode.Scalar value) {
        insertAfterLast(map, map.flow() ? ", " + entry.flowEntry() : entry.block(column(map), lineBreak(map)));
        YamlNode.Scalar written = map.flow() ? entry.scalar(ScalarStyle.DOUBLE_QUOTED) : value;
        map.entries().add(new YamlNode.Entry(EntryText.plainOrQuoted(name, map.flow()), written));
    }

    /** The addition to a block begins with its line break. */
    private void insertAfterLast(YamlNode.Mapping map, String addition) {
        SourceText source = draft.source();
        YamlNode last = map.entries().get(map.entries().size() - 1).value();
        if (map.flow()) {
            draft.edits().insert(NodeEnd.of(source, last), addition);
            return;
        }
        int end = source.lineEnd(NodeEnd.of(source, last));
        // A literal block at the very end of a file would lose its last line break.
        String tail = end == source.text().length() ? lineBreak(map) : "";
        draft.edits().insert(end, addition + tail);
    }

    private int column(YamlNode.Mapping map) {
        return draft.source().column(map.entries().get(0).key().start());
    }

    private String lineBreak(YamlNode.Mapping map) {
        return draft.source().lineBreak(map.entries().get(0).key().start());
    }
}
