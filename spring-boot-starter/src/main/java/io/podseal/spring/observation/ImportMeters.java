// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.observation;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.podseal.spring.property.PodsealPropertySource;
import io.podseal.store.SecretStore;
import io.podseal.store.StoreMetric;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The figures of each import as meters, with its location as a tag. */
final class ImportMeters implements MeterBinder {
    private final List<PodsealPropertySource> sources;

    ImportMeters(List<PodsealPropertySource> sources) {
        this.sources = sources;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (PodsealPropertySource source : sources) {
            Tags location = Tags.of("location", source.getName());
            source.getSource().metrics().forEach(metric -> bind(metric, location, source.getSource(), registry));
        }
    }

    /** Micrometer holds the store weakly; the environment holds it. */
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
