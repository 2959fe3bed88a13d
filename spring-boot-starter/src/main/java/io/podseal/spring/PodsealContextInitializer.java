// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import io.podseal.PodsealException;
import io.podseal.spring.failure.SealedValueMasking;
import io.podseal.spring.property.PodsealPropertySource;
import io.podseal.spring.property.ShadowedProperties;
import io.podseal.spring.property.SpringSettings;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Ties the stores that the environment carries to the application context: they are closed with it, also where its start
 * fails, and what conversion and binding say of their values is masked. An initializer rather than auto-configuration, so
 * that a test slice has it too.
 */
final class PodsealContextInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    /** @throws PodsealException {@code CONFIGURATION} for a wrong setting, one that came too late to be heeded, or a hidden property */
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        List<PodsealPropertySource> own = PodsealPropertySource.in(context.getEnvironment()).stream()
                .filter(PodsealPropertySource::claim)
                .toList();
        try {
            SpringSettings settings = SpringSettings.bind(Binder.get(context.getEnvironment()));
            own.forEach(source -> settings.requireSameAs(source.settings(), source.getName()));
            own.forEach(source -> ShadowedProperties.refuse(source, context.getEnvironment()));
        } catch (PodsealException refused) {
            own.forEach(PodsealPropertySource::close);
            throw refused;
        }
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        if (beans instanceof DefaultSingletonBeanRegistry registry) {
            own.forEach(source -> registry.registerDisposableBean(source.toString(), source::close));
        }
        if (!PodsealPropertySource.in(context.getEnvironment()).isEmpty()) {
            SealedValueMasking.of(context.getEnvironment()).install(beans);
        }
    }
}
