// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a reading found, without what it read: that may be somebody's plaintext, put there by mistake.
 *
 * @param version the resourceVersion, from which a watch goes on; null where there was no object
 * @param digest of the items
 * @param immutable whether they stay the same as long as the object exists
 */
record Seen(@Nullable String version, @Nullable ByteBuffer digest, boolean immutable) {
    static final Seen NOTHING = new Seen(null, null, false);

    Seen(KubernetesObject found) {
        this(found.version(), found.digest(), found.isImmutable());
    }

    boolean isNothing() {
        return version == null;
    }

    /** Whether that object has these items. */
    boolean isOf(KubernetesObject other) {
        return other.version().equals(version) || other.digest().equals(digest);
    }
}
