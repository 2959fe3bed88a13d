// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.BootstrapContextAccess;
import io.micronaut.context.env.Environment;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.Settings;
import java.util.List;
import java.util.Optional;

/**
 * Stops the start where a setting stands in a place that is read too late for it: an ignored import, or an ignored
 * restriction, would go unnoticed. Runs when the environment is complete and no bean has been made.
 */
public final class MisplacedSettings implements ApplicationContextConfigurer {
    /** For the service loader. */
    public MisplacedSettings() {}

    /**
     * Compares where settings stand with where they were looked for.
     *
     * @throws PodsealException {@code CONFIGURATION} where a setting was not read
     */
    @Override
    public void configure(ApplicationContext context) {
        Environment environment = context.getEnvironment();
        boolean isBootstrap = context.containsBean(BootstrapContextAccess.class);
        if (isBootstrap || !environment.isRunning()) {
            return;
        }
        Optional<Imports> imports = Imports.find(context);
        if (imports.isEmpty()) {
            refuseWithoutBootstrap(environment);
            return;
        }
        try {
            environment.getPropertySources().stream()
                    .filter(source -> !imports.get().couldRead(source))
                    .forEach(source -> refuse(source.getName(), BootstrapSettings.names(source)));
        } catch (PodsealException misplaced) {
            imports.get().close();
            throw misplaced;
        }
    }

    private static void refuse(String source, List<String> names) {
        if (!names.isEmpty()) {
            throw ErrorCode.CONFIGURATION.because(String.join(", ", names) + " stands in '" + source
                    + "', which Micronaut reads after the sealed values; move every podseal.* setting to bootstrap.yml"
                    + " (or bootstrap.properties), an environment variable or a system property");
        }
    }

    private static void refuseWithoutBootstrap(Environment environment) {
        Settings settings = BootstrapSettings.read(environment);
        if (settings.enabled() && !settings.imports().isEmpty()) {
            throw ErrorCode.CONFIGURATION.because("podseal.import is set, but this application context has no bootstrap"
                    + " context to open it in; remove micronaut.bootstrap.context=false, bootstrapEnvironment(false) or"
                    + " enableDefaultPropertySources(false), or set podseal.enabled=false");
        }
    }
}
