// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** SHA-256 of items, to tell a change without keeping what was read. */
record Digest(ByteBuffer sha256) {
    static Digest of(List<SourceItem> items) {
        MessageDigest digest = sha256Digest();
        for (SourceItem item : items) {
            byte[] name = item.name().getBytes(UTF_8);
            digest.update(ByteBuffer.allocate(8)
                    .putInt(name.length)
                    .putInt(item.content().length)
                    .array());
            digest.update(name);
            digest.update(item.content());
        }
        return new Digest(ByteBuffer.wrap(digest.digest()));
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
