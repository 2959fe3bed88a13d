// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.observation;

import io.podseal.spring.property.PodsealPropertySource;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Something was imported, and {@code management.health.podseal.enabled} or else {@code management.health.defaults.enabled}
 * does not say no. Boot's own condition for that has another name on each line.
 */
final class HealthWanted implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        boolean others = environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
        return environment.getProperty("management.health.podseal.enabled", Boolean.class, others)
                && environment instanceof ConfigurableEnvironment configurable
                && !PodsealPropertySource.in(configurable).isEmpty();
    }
}
