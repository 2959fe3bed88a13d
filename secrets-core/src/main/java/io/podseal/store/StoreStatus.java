// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.PodsealException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a store, for health and metrics.
 *
 * @param generation the current generation's number
 * @param values how many values it has
 * @param sinceConfirmed how long ago a reading showed that it is what its source holds
 * @param problem why it is not healthy: {@code STALE}, or the last refusal or failure; null where it is
 * @param servedBy the KEKs that unwrapped the keysets of the current generation
 */
public record StoreStatus(
        long generation,
        int values,
        Duration sinceConfirmed,
        @Nullable PodsealException problem,
        List<String> servedBy) {}
