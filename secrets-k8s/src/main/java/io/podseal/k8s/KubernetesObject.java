// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is read of a Secret or a ConfigMap: its items, and how to tell it from another state of it. Nothing else is looked at. */
final class KubernetesObject {
    private final @Nullable String version;
    private final boolean immutable;
    private final Map<String, @Nullable String> encoded;
    private final Map<String, @Nullable String> texts;

    private KubernetesObject(
            HasMetadata object,
            @Nullable Boolean immutable,
            @Nullable Map<String, String> encoded,
            @Nullable Map<String, String> texts) {
        this.version = object.getMetadata().getResourceVersion();
        this.immutable = Boolean.TRUE.equals(immutable);
        this.encoded = encoded == null ? new TreeMap<>() : new TreeMap<>(encoded);
        this.texts = texts == null ? new TreeMap<>() : new TreeMap<>(texts);
    }

    static KubernetesObject of(HasMetadata object) {
        if (object instanceof Secret secret) {
            return new KubernetesObject(secret, secret.getImmutable(), secret.getData(), null);
        }
        ConfigMap map = (ConfigMap) object;
        return new KubernetesObject(map, map.getImmutable(), map.getBinaryData(), map.getData());
    }

    /** The resourceVersion; null where a server gives none. */
    @Nullable
    String version() {
        return version;
    }

    boolean isImmutable() {
        return immutable;
    }

    /** Tells whether the items are others, without holding them. */
    ByteBuffer digest() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (Map<String, @Nullable String> items : List.of(encoded, texts)) {
            items.forEach((name, value) -> {
                for (String part : List.of(name, value == null ? "" : value)) {
                    byte[] bytes = part.getBytes(UTF_8);
                    digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
                    digest.update(bytes);
                }
            });
            digest.update((byte) 0xff);
        }
        return ByteBuffer.wrap(digest.digest());
    }

    /**
     * The items whose names are wanted.
     *
     * @throws PodsealException {@code SIZE} over a limit of {@link SecretSource}, {@code FORMAT} for what is no base64
     */
    List<SourceItem> items(Predicate<String> wanted) {
        List<SourceItem> items = new ArrayList<>();
        encoded.forEach((name, value) -> {
            if (wanted.test(name)) {
                items.add(item(name, CanonicalBase64.decode(name, value == null ? "" : value)));
            }
        });
        texts.forEach((name, value) -> {
            if (wanted.test(name)) {
                items.add(item(name, (value == null ? "" : value).getBytes(UTF_8)));
            }
        });
        if (items.size() > SecretSource.MAX_ITEMS) {
            throw ErrorCode.SIZE.because("more than " + SecretSource.MAX_ITEMS + " items");
        }
        return items;
    }

    private static SourceItem item(String name, byte[] content) {
        if (content.length > SecretSource.MAX_ITEM_BYTES) {
            throw ErrorCode.SIZE
                    .because("more than " + SecretSource.MAX_ITEM_BYTES + " bytes")
                    .at("item '" + name + "'");
        }
        return new SourceItem(name, content);
    }

    @Override
    public String toString() {
        return "KubernetesObject[" + version + ", " + (encoded.size() + texts.size()) + " items]";
    }
}
