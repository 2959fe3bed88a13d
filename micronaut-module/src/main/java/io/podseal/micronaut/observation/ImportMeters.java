// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.observation;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.podseal.micronaut.source.Imports;
import io.podseal.store.SecretStore;
import io.podseal.store.StoreMetric;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** The figures of each import as meters, with its location as a tag. */
@Singleton
@Requires(classes = MeterBinder.class)
final class ImportMeters implements MeterBinder {
    private final ApplicationContext application;

    ImportMeters(ApplicationContext application) {
        this.application = application;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Imports.storesOf(application)
                .forEach((location, store) -> store.metrics()
                        .forEach(metric -> bind(metric, Tags.of("location", location), store, registry)));
    }

    /** Micrometer holds the store weakly; the application context holds it. */
    private static void bind(StoreMetric metric, Tags location, SecretStore store, MeterRegistry registry) {
        Tags tags = location.and(metric.tags().entrySet().stream()
                .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                .toList());
        switch (metric.kind()) {
            case COUNTER ->
                FunctionCounter.builder(
                                metric.name(), store, s -> metric.value().getAsDouble())
                        .description(metric.description())
                        .tags(tags)
                        .register(registry);
            case GAUGE ->
                Gauge.builder(metric.name(), store, s -> metric.value().getAsDouble())
                        .description(metric.description())
                        .tags(tags)
                        .register(registry);
            case SECONDS ->
                TimeGauge.builder(
                                metric.name(),
                                store,
                                TimeUnit.SECONDS,
                                s -> metric.value().getAsDouble())
                        .description(metric.description())
                        .tags(tags)
                        .register(registry);
        }
    }
}
