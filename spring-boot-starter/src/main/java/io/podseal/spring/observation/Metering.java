// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.observation;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.podseal.spring.property.PodsealPropertySource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The meters of the imports, where Micrometer is on the class path; Boot binds them to its registries. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterBinder.class)
class Metering {
    @Bean
    MeterBinder podsealMeters(ConfigurableEnvironment environment) {
        return new ImportMeters(PodsealPropertySource.in(environment));
    }
}
