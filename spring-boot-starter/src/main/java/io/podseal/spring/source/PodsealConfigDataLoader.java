// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.source;

import io.podseal.spring.property.PodsealPropertySource;
import io.podseal.spring.property.SpringSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;

/** Opens the store of an imported location. Boot makes one loader for each start, on one thread. */
final class PodsealConfigDataLoader implements ConfigDataLoader<PodsealConfigDataResource> {
    private final List<PodsealPropertySource> opened = new ArrayList<>();
    private final KubernetesObjects objects = new KubernetesObjects();

    /**
     * A property source over the opened store; nothing where imports are disabled, or the source is optional, absent,
     * and cannot appear.
     *
     * @throws io.podseal.PodsealException what refused it
     */
    @Override
    public ConfigData load(ConfigDataLoaderContext context, PodsealConfigDataResource resource) {
        SpringSettings settings = resource.settings();
        if (!settings.settings().enabled()) {
            return ConfigData.EMPTY;
        }
        try {
            Optional<PodsealPropertySource> source = PodsealPropertySource.open(
                    resource.toString(), resource.location(), settings, objects.of(settings), resource.isOptional());
            source.ifPresent(opened::add);
            // A value must not become configuration: no imports and no profiles from what was sealed.
            return source.map(values -> new ConfigData(
                            List.of(values), ConfigData.Option.IGNORE_IMPORTS, ConfigData.Option.IGNORE_PROFILES))
                    .orElse(ConfigData.EMPTY);
        } catch (RuntimeException startEnds) {
            opened.forEach(PodsealPropertySource::close);
            throw startEnds;
        }
    }
}
