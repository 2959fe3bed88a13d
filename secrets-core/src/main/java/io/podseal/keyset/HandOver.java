// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands one answer from the thread that has it to the one that waits for it. Where that one gives up, the answer is
 * discarded once, whether it came before or comes later. Thread-safe.
 */
final class HandOver<T> {
    private final AtomicReference<@Nullable Optional<T>> answer = new AtomicReference<>();
    private final Consumer<T> discard;

    /** @param discard what to do with an answer that nobody takes */
    HandOver(Consumer<T> discard) {
        this.discard = discard;
    }

    /** Called once, by the thread that has the answer. */
    T offer(T given) {
        if (!answer.compareAndSet(null, Optional.of(given))) {
            discard.accept(given);
        }
        return given;
    }

    /** The waiting thread takes nothing any more. */
    void giveUp() {
        Optional<T> given = answer.getAndSet(Optional.empty());
        if (given != null) {
            given.ifPresent(discard);
        }
    }
}
