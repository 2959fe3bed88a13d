// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.observation;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.podseal.micronaut.source.Imports;
import io.podseal.store.SecretStore;
import io.podseal.store.StoreStatus;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;

/** The health of all imports, under {@code podseal}; silent where there are none. */
@Singleton
@Requires(beans = HealthEndpoint.class)
@Requires(property = "endpoints.health.podseal.enabled", notEquals = "false")
final class ImportsHealthIndicator implements HealthIndicator {
    private final ApplicationContext application;

    ImportsHealthIndicator(ApplicationContext application) {
        this.application = application;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, SecretStore> stores = Imports.storesOf(application);
        return stores.isEmpty() ? Publishers.empty() : Publishers.just(result(stores));
    }

    private static HealthResult result(Map<String, SecretStore> stores) {
        boolean up = true;
        Map<String, Object> details = new LinkedHashMap<>();
        for (Map.Entry<String, SecretStore> store : stores.entrySet()) {
            StoreStatus status = store.getValue().status();
            up &= status.isHealthy();
            details.put(store.getKey(), status.details());
        }
        return HealthResult.builder("podseal", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build();
    }
}
