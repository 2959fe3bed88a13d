// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BootstrapContextAccess;
import io.micronaut.context.annotation.BootstrapContextCompatible;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.env.BootstrapPropertySourceLocator;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.podseal.store.Settings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Adds the values of every location in {@code podseal.import} to the environment, before the application's own
 * configuration is read. Its presence on the class path is what makes Micronaut start a bootstrap context. Micronaut asks
 * one locator only, so this one asks all others.
 */
@Singleton
@Primary
@BootstrapContextCompatible
final class SealedPropertySourceLocator implements BootstrapPropertySourceLocator {
    private final BeanContext bootstrap;
    private final ApplicationContext application;

    SealedPropertySourceLocator(BeanContext bootstrap, BootstrapContextAccess access) {
        this.bootstrap = bootstrap;
        this.application = (ApplicationContext) access.getMainRegistry();
    }

    @Override
    public Iterable<PropertySource> findPropertySources(Environment environment) {
        List<PropertySource> sources = new ArrayList<>();
        for (BootstrapPropertySourceLocator other : bootstrap.getBeansOfType(BootstrapPropertySourceLocator.class)) {
            if (other != this) {
                other.findPropertySources(environment).forEach(sources::add);
            }
        }
        Settings settings = BootstrapSettings.read(environment);
        Imports imports = Imports.of(application, () -> new Imports(application, names(environment)));
        if (settings.enabled()) {
            sources.addAll(imports.sources(settings));
        }
        return sources;
    }

    private static Set<String> names(Environment environment) {
        return environment.getPropertySources().stream()
                .map(PropertySource::getName)
                .collect(Collectors.toUnmodifiableSet());
    }
}
