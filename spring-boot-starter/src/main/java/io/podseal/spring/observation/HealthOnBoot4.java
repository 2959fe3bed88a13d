// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.observation;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The health contributor {@code podseal} where the API of health is that of Boot 4.x. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HealthIndicator.class)
@Conditional(HealthWanted.class)
class HealthOnBoot4 {
    @Bean
    HealthIndicator podsealHealthIndicator(ConfigurableEnvironment environment) {
        return () -> {
            ImportsHealth health = ImportsHealth.of(environment);
            return (health.up() ? Health.up() : Health.down())
                    .withDetails(health.details())
                    .build();
        };
    }
}
