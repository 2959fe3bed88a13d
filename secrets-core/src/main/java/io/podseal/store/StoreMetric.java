// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * One figure of a store, for whatever collects metrics. Tags are KEK URIs of the settings and codes, so there are never more
 * of them than those two allow; none is a value or an item's name.
 *
 * @param name lower-case words with dots
 * @param description one sentence
 * @param kind how to read it
 * @param tags by name
 * @param value reads it now
 */
public record StoreMetric(String name, String description, Kind kind, Map<String, String> tags, DoubleSupplier value) {
    /** How a figure is to be read. */
    public enum Kind {
        /** It only rises. */
        COUNTER,
        /** It rises and falls. */
        GAUGE,
        /** It rises and falls, and is a time in seconds. */
        SECONDS
    }

    private static final String SUCCESS = "SUCCESS";
    private static final Set<ErrorCode> UNWRAP_FAILURES = Set.of(
            ErrorCode.KMS_DENIED,
            ErrorCode.KMS_THROTTLED,
            ErrorCode.KMS_UNAVAILABLE,
            ErrorCode.CONFIGURATION,
            ErrorCode.AUTHENTICATION,
            ErrorCode.KEYSET_POLICY);

    static List<StoreMetric> of(SecretStore store) {
        List<StoreMetric> metrics = new ArrayList<>();
        metrics.add(new StoreMetric(
                "podseal.generation.age",
                "How long ago a reading showed that the values in use are those of the source",
                Kind.SECONDS,
                Map.of(),
                () -> store.status().sinceConfirmed().toMillis() / 1000.0));
        metrics.add(new StoreMetric(
                "podseal.generation.number",
                "The number of the generation in use",
                Kind.GAUGE,
                Map.of(),
                () -> store.status().generation()));
        StoreCounts counts = store.counts();
        for (String kek : counts.keks()) {
            metrics.add(unwraps(kek, SUCCESS, () -> counts.unwrapped(kek)));
            for (ErrorCode code : UNWRAP_FAILURES) {
                metrics.add(unwraps(kek, code.name(), () -> counts.failed(kek, code)));
            }
        }
        for (ErrorCode code : ErrorCode.values()) {
            metrics.add(new StoreMetric(
                    "podseal.generation.refused",
                    "Readings that were refused or failed while the last good generation stayed in use",
                    Kind.COUNTER,
                    Map.of("code", code.name()),
                    () -> counts.refused(code)));
        }
        return List.copyOf(metrics);
    }

    private static StoreMetric unwraps(String kek, String outcome, DoubleSupplier calls) {
        return new StoreMetric(
                "podseal.unwrap",
                "Calls of a KMS to unwrap a keyset document",
                Kind.COUNTER,
                Map.of("kek", kek, "outcome", outcome),
                calls);
    }
}
