// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How often what happened since a store was opened, its first reading included. The counts are live and only rise.
 * Thread-safe.
 */
final class StoreCounts {
    private final Set<String> keks;
    private final Map<Event, LongAdder> counts = new ConcurrentHashMap<>();

    /** Without a KEK a reading, without a code a success. */
    private record Event(@Nullable String kek, @Nullable ErrorCode failure) {}

    StoreCounts(Set<String> keks) {
        this.keks = keks;
    }

    /** The KEKs that the application accepts, the most preferred first. */
    Set<String> keks() {
        return keks;
    }

    /** How many keyset documents that KEK has unwrapped. */
    long unwrapped(String kek) {
        return count(new Event(kek, null));
    }

    /** How many calls of that KEK failed with that code, or gave what was refused with it. */
    long failed(String kek, ErrorCode code) {
        return count(new Event(kek, code));
    }

    /** How many readings were refused or failed with that code while the last good generation stayed. */
    long refused(ErrorCode code) {
        return count(new Event(null, code));
    }

    private long count(Event event) {
        LongAdder count = counts.get(event);
        return count == null ? 0 : count.sum();
    }

    void addUnwrapped(String kek) {
        add(new Event(kek, null));
    }

    void addFailed(String kek, ErrorCode code) {
        add(new Event(kek, code));
    }

    void addRefused(ErrorCode code) {
        add(new Event(null, code));
    }

    private void add(Event event) {
        counts.computeIfAbsent(event, first -> new LongAdder()).increment();
    }

    @Override
    public String toString() {
        return "StoreCounts" + counts;
    }
}
