// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import io.podseal.spring.property.SpringSettings;
import io.podseal.spring.property.ValueSanitizer;
import io.podseal.store.Settings;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** Masks sealed values in the actuator's endpoints, unless {@code podseal.sanitize} or {@code podseal.enabled} is false. */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public class PodsealAutoConfiguration {
    /** For Spring. */
    public PodsealAutoConfiguration() {}

    /** Asks the checked settings, not a condition on their text: a blank behind {@code true} must not end the masking. */
    @Bean
    SanitizingFunction podsealSanitizingFunction(ConfigurableEnvironment environment) {
        Settings settings = SpringSettings.bind(Binder.get(environment)).settings();
        return settings.enabled() && settings.sanitize() ? new ValueSanitizer(environment) : data -> data;
    }
}
