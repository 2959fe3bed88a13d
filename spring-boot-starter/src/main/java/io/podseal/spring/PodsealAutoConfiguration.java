// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import io.podseal.spring.property.ValueSanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** Masks sealed values in the actuator's endpoints, unless {@code podseal.sanitize} or {@code podseal.enabled} is false. */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
@ConditionalOnProperty(
        prefix = "podseal",
        name = {"enabled", "sanitize"},
        havingValue = "true",
        matchIfMissing = true)
public class PodsealAutoConfiguration {
    /** For Spring. */
    public PodsealAutoConfiguration() {}

    @Bean
    ValueSanitizer podsealValueSanitizer(ConfigurableEnvironment environment) {
        return new ValueSanitizer(environment);
    }
}
