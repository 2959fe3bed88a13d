// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * A Secret as a manifest has it, in YAML or JSON. The parser knows no classes, only texts, numbers, lists and maps, and
 * refuses what expands.
 *
 * @param name null where the API server is to make one
 * @param position among the Secrets of its file, from 1
 */
record ManifestSecret(@Nullable String name, int position, Map<?, ?> data, Map<?, ?> stringData) {

    private static final String SECRET = "Secret";

    /**
     * All Secrets of a file, in its order; other kinds are passed over.
     *
     * @param where for messages
     * @throws PodsealException {@code FORMAT}
     */
    static List<ManifestSecret> allIn(byte[] content, String where) {
        List<ManifestSecret> secrets = new ArrayList<>();
        for (Object document : parse(content, where)) {
            collect(document, secrets, where);
        }
        return secrets;
    }

    private static List<Object> parse(byte[] content, String where) {
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(false)
                .setCodePointLimit(Math.max(1, content.length))
                .build();
        List<Object> documents = new ArrayList<>();
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            new Load(settings).loadAllFromString(text).forEach(documents::add);
            return documents;
        } catch (CharacterCodingException e) {
            throw ErrorCode.FORMAT.because(where + " is not UTF-8");
        } catch (MarkedYamlEngineException e) { // its text shows a line of the file
            String line = e.getProblemMark()
                    .map(mark -> " (line " + (mark.getLine() + 1) + ")")
                    .orElse("");
            throw ErrorCode.FORMAT.because(where + " is neither YAML nor JSON that can be read" + line);
        } catch (RuntimeException | StackOverflowError e) {
            throw ErrorCode.FORMAT.because(where + " is neither YAML nor JSON that can be read");
        }
    }

    /** Lists hold lists; by an alias also themselves. */
    private static void collect(@Nullable Object document, List<ManifestSecret> secrets, String where) {
        Set<Object> lists = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Iterator<?>> open = new ArrayDeque<>();
        open.push(Collections.singletonList(document).iterator());
        while (!open.isEmpty()) {
            if (!open.element().hasNext()) {
                open.pop();
                continue;
            }
            Object next = open.element().next();
            if (next instanceof Map<?, ?> object) {
                if ("List".equals(object.get("kind")) && object.get("items") instanceof List<?> items) {
                    if (!lists.add(items)) {
                        throw ErrorCode.FORMAT.because(where + " holds one List twice, or within itself");
                    }
                    open.push(items.iterator());
                } else {
                    collectSecret(object, secrets, where);
                }
            } else if (next != null) {
                throw ErrorCode.FORMAT.because(where + " holds something that is no Kubernetes object");
            }
        }
    }

    private static void collectSecret(Map<?, ?> object, List<ManifestSecret> secrets, String where) {
        if (SECRET.equals(object.get("kind")) && "v1".equals(object.get("apiVersion"))) {
            Object name = map(object, "metadata", where).get("name");
            secrets.add(new ManifestSecret(
                    name instanceof String text ? text : null,
                    secrets.size() + 1,
                    map(object, "data", where),
                    map(object, "stringData", where)));
        }
    }

    private static Map<?, ?> map(Map<?, ?> object, String member, String where) {
        Object value = object.get(member);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw ErrorCode.FORMAT.because(where + ": a Secret whose " + member + " is no map");
    }

    String nameOrPosition() {
        return name != null ? name : "the one at position " + position;
    }

    /**
     * Its items; as for the API server, {@code stringData} wins.
     *
     * @throws PodsealException {@code FORMAT} or {@code SIZE}
     */
    List<SourceItem> items(String where) {
        Map<String, byte[]> contents = new TreeMap<>();
        try {
            // The API server ignores line ends within base64, and the tools that fold it write them.
            data.forEach((key, value) -> contents.put(
                    key(key), CanonicalBase64.decode(key(key), text(key, value).replaceAll("[\r\n]", ""))));
            stringData.forEach(
                    (key, value) -> contents.put(key(key), text(key, value).getBytes(UTF_8)));
        } catch (PodsealException refused) {
            throw refused.at(where);
        }
        if (contents.size() > SecretSource.MAX_ITEMS
                || contents.values().stream().anyMatch(content -> content.length > SecretSource.MAX_ITEM_BYTES)) {
            throw ErrorCode.SIZE.because(where + " has more than " + SecretSource.MAX_ITEMS
                    + " items, or an item of more" + " than " + SecretSource.MAX_ITEM_BYTES + " bytes");
        }
        return contents.entrySet().stream()
                .map(item -> new SourceItem(item.getKey(), item.getValue()))
                .toList();
    }

    private static String key(@Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw ErrorCode.FORMAT.because("an item has a name that is no text; quote it");
    }

    private static String text(@Nullable Object key, @Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw ErrorCode.FORMAT.because("no text; quote it").at("item '" + key + "'");
    }

    /** Without contents. */
    @Override
    public String toString() {
        return "ManifestSecret[" + nameOrPosition() + "]";
    }
}
