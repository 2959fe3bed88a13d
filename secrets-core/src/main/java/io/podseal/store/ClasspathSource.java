// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** One keyset document that is built into the application. */
final class ClasspathSource implements SecretSource {
    private final String resource;
    private final ClassLoader loader;

    ClasspathSource(String resource, ClassLoader loader) {
        this.resource = resource.startsWith("/") ? resource.substring(1) : resource;
        this.loader = loader;
    }

    @Override
    public List<SourceItem> read() {
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw ErrorCode.SOURCE_MISSING.because(
                        "there is no " + resource + " on the class path; add it, or correct podseal.keysets");
            }
            byte[] content = in.readNBytes(MAX_ITEM_BYTES + 1);
            if (content.length > MAX_ITEM_BYTES) {
                throw ErrorCode.SIZE.because(
                        this + " has more than " + MAX_ITEM_BYTES + " bytes, the limit of an item");
            }
            return List.of(new SourceItem(resource, content));
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(this + " cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return "class path resource " + resource;
    }
}
