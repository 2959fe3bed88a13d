// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The living threads of this library that began after this object: what another test left behind is not this one's. */
final class OurThreads {
    private final Set<Thread> older = Thread.getAllStackTraces().keySet();

    /** The JDK's own thread behind a watch counts: it is ours to end. */
    List<String> names() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !older.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("podseal-") || name.equals("FileSystemWatchService"))
                .toList();
    }

    /** Waits until no thread of these names lives, or of any name of ours. */
    void awaitNone(String... named) {
        Set<String> searched = Set.copyOf(Arrays.asList(named));
        await().untilAsserted(() -> assertThat(
                        names().stream().filter(name -> searched.isEmpty() || searched.contains(name)))
                .isEmpty());
    }
}
