// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.awaitility.Awaitility.await;

import java.util.List;

/** Which threads of Podseal live. */
final class Threads {
    private Threads() {}

    static List<String> ofPodseal() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("podseal-"))
                .toList();
    }

    /** A thread that was told to end may still be on its way. */
    static void assertNoneOfPodseal() {
        await().until(() -> ofPodseal().isEmpty());
    }
}
