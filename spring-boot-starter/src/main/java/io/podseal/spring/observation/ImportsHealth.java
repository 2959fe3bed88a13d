// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.observation;

import io.podseal.spring.property.PodsealPropertySource;
import io.podseal.store.StoreStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The health of all imports, in no line's words.
 *
 * @param up whether each of them is healthy
 * @param details what there is to say of each, by location
 */
record ImportsHealth(boolean up, Map<String, Map<String, Object>> details) {
    static ImportsHealth of(ConfigurableEnvironment environment) {
        boolean up = true;
        Map<String, Map<String, Object>> details = new LinkedHashMap<>();
        for (PodsealPropertySource source : PodsealPropertySource.in(environment)) {
            StoreStatus status = source.getSource().status();
            up &= status.isHealthy();
            details.put(source.getName(), status.details());
        }
        return new ImportsHealth(up, details);
    }
}
