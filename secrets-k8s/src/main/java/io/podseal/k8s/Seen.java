// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a reading found, without what it read: that may be somebody's plaintext, put there by mistake.
 *
 * @param version the resourceVersion; null where there was no object, or it has none
 * @param digest of the items; null where there was no object
 * @param immutable whether they stay the same as long as the object exists
 */
record Seen(@Nullable String version, @Nullable ByteBuffer digest, boolean immutable) {
    static final Seen NOTHING = new Seen(null, null, false);

    Seen(KubernetesObject found) {
        this(found.version(), found.digest(), found.isImmutable());
    }

    /** Whether that has the same items, or is as absent. */
    boolean isSame(Seen other) {
        return (version != null && version.equals(other.version)) || Objects.equals(digest, other.digest);
    }

    /** Whether who knows this needs not be told of that: the server's versions count up. */
    boolean isNotOlderThan(Seen other) {
        if (version == null || other.version == null) {
            return isSame(other);
        }
        try {
            return Long.parseLong(version) >= Long.parseLong(other.version);
        } catch (NumberFormatException otherServer) {
            return isSame(other);
        }
    }
}
