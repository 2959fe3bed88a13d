// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.PodsealException;
import java.util.Set;

/**
 * Hears what a store does, for audit, metrics and refreshes; never a value. Each listener is called on a thread of its own,
 * one event after the other: one that throws or blocks disturbs nobody, and loses the oldest events once 256 wait.
 */
public interface OpenListener {
    /**
     * A new generation is the current one.
     *
     * @param changedNames items that came, went or were sealed anew
     */
    default void opened(Generation generation, Set<String> changedNames) {}

    /** A reading was refused or failed; the last good generation stays. Told once for each failure, not at each retry. */
    default void refused(PodsealException failure) {}

    /** A KMS unwrapped a keyset document. */
    default void unwrapped(String kekUri) {}

    /** A KMS call failed, and another recipient or round may follow; or what it gave was refused, which is final. */
    default void kmsFailed(String kekUri, PodsealException failure) {}

    /** A listener's place at a store. */
    interface Subscription extends AutoCloseable {
        /** Ends it: what waits is dropped, and a running call interrupted. Idempotent. */
        @Override
        void close();
    }
}
