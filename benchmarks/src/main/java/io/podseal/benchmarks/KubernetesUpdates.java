// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.SecretValue;
import io.podseal.store.Generation;
import io.podseal.store.OpenListener;
import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from the request that changes a Secret to the new generation in a store that watches it, on a real API
 * server: {@code KubernetesUpdates [changes]}. A program of its own, because each change is one sample.
 */
public final class KubernetesUpdates {
    private static final int CHANGES = 200;
    private static final int WARM_UP = 20;

    private KubernetesUpdates() {}

    /** Prints the distribution in milliseconds. */
    public static void main(String[] arguments) throws InterruptedException {
        int changes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : CHANGES;
        RefreshPolicy watchOnly = new RefreshPolicy(
                true, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2), RefreshPolicy.OnDelete.KEEP);
        try (KubernetesFixture cluster = new KubernetesFixture()) {
            cluster.create("db", "0");
            try (SecretStore store = cluster.store("db").refresh(watchOnly).open()) {
                TimeUnit.SECONDS.sleep(1); // until it is watched
                List<Double> millis = new ArrayList<>();
                for (int i = 1; i <= WARM_UP + changes; i++) {
                    double one = change(cluster, store, String.valueOf(i));
                    if (i > WARM_UP) {
                        millis.add(one);
                    }
                }
                print(millis);
            }
        }
    }

    private static double change(KubernetesFixture cluster, SecretStore store, String value)
            throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        OpenListener listener = new OpenListener() {
            @Override
            public void opened(Generation generation, Set<String> changed) {
                if (value.equals(text(generation))) {
                    seen.countDown();
                }
            }
        };
        OpenListener.Subscription subscription = store.subscribe(listener);
        try {
            long begun = System.nanoTime();
            cluster.change("db", value);
            if (!seen.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("change " + value + " was not seen within a minute");
            }
            return (System.nanoTime() - begun) / 1e6;
        } finally {
            subscription.close();
        }
    }

    private static String text(Generation generation) {
        SecretValue value = generation.get("value");
        if (value == null) {
            return "";
        }
        try (value) {
            return new String(value.revealBytes(), UTF_8);
        }
    }

    private static void print(List<Double> millis) {
        double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "changes %d   p50 %.1f ms   p90 %.1f ms   p99 %.1f ms   max %.1f ms%n",
                sorted.length,
                at(sorted, 0.5),
                at(sorted, 0.9),
                at(sorted, 0.99),
                sorted[sorted.length - 1]);
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1)];
    }
}
