// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.time.Duration;

/**
 * How a store follows its source.
 *
 * @param enabled whether it does at all
 * @param pollInterval between two readings, minus 0 to 10 % jitter; a watch comes on top
 * @param minInterval between two unwrap rounds; the start is exempt
 * @param maxStaleness after which a generation that could not be confirmed is {@code STALE}
 * @param onDelete what happens when the source goes away
 */
public record RefreshPolicy(
        boolean enabled, Duration pollInterval, Duration minInterval, Duration maxStaleness, OnDelete onDelete) {
    /** The defaults: on, 60 s, 10 s, 10 min, keep. */
    public static final RefreshPolicy DEFAULT = new RefreshPolicy(
            true, Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofMinutes(10), OnDelete.KEEP);

    /** What happens to running values when their source is deleted. */
    public enum OnDelete {
        /** The last good generation stays; the loss is reported. */
        KEEP,
        /** Reads fail with {@code SOURCE_MISSING} until the source is back. */
        FAIL
    }

    /** The same policy, without following the source. */
    public RefreshPolicy disabled() {
        return new RefreshPolicy(false, pollInterval, minInterval, maxStaleness, onDelete);
    }
}
