// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a store, for health and metrics.
 *
 * @param generation the current generation's number
 * @param values how many values it has
 * @param sinceConfirmed how long ago a reading showed that it is what its source holds
 * @param problem {@code STALE}, or the last refusal or failure; null where the last reading confirmed the generation
 * @param lastRefusal the code of the last reading's refusal or failure, also behind {@code STALE}; null where there was none
 * @param withdrawn whether values can no longer be read, since the source was deleted and the policy is to fail
 * @param servedBy the KEKs that unwrapped the keysets of the current generation
 */
public record StoreStatus(
        long generation,
        int values,
        Duration sinceConfirmed,
        @Nullable PodsealException problem,
        @Nullable ErrorCode lastRefusal,
        boolean withdrawn,
        List<String> servedBy) {
    /**
     * Whether the values can be relied on: they can be read, and are not {@code STALE}. A refused or failed reading alone
     * does not end that, since the last good values stay in use.
     */
    public boolean isHealthy() {
        return !withdrawn && (problem == null || problem.code() != ErrorCode.STALE);
    }

    /** What a health endpoint shows, under fixed names: numbers, codes and KEK URIs, no item's name and no message. */
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("generation", generation);
        details.put("values", values);
        details.put("secondsSinceConfirmed", sinceConfirmed.toSeconds());
        details.put("servedBy", servedBy);
        if (problem != null) {
            details.put("problem", problem.code().name());
        }
        if (lastRefusal != null) {
            details.put("lastRefusal", lastRefusal.name());
        }
        return Collections.unmodifiableMap(details);
    }
}
