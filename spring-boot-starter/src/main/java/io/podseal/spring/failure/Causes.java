// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import java.util.stream.Stream;

/** The chain from a failure to its root. */
final class Causes {
    private static final int MAX_DEPTH = 100;

    private Causes() {}

    static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MAX_DEPTH);
    }

    static boolean contain(Throwable failure, Class<? extends Throwable> type) {
        return of(failure).anyMatch(type::isInstance);
    }
}
