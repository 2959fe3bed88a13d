// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.source;

import io.podseal.spring.property.SpringSettings;
import io.podseal.store.Location;
import java.util.List;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;

/** Understands {@code podseal:…} in {@code spring.config.import}. Boot asks twice for each location, so nothing is read here. */
final class PodsealConfigDataLocationResolver implements ConfigDataLocationResolver<PodsealConfigDataResource> {
    private static final String PREFIX = "podseal:";

    @Override
    public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        return location.hasPrefix(PREFIX);
    }

    @Override
    public List<PodsealConfigDataResource> resolve(
            ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        Location parsed = Location.ofValues(PREFIX + location.getNonPrefixedValue(PREFIX));
        SpringSettings settings = SpringSettings.bind(context.getBinder());
        return List.of(new PodsealConfigDataResource(parsed, location.isOptional(), settings));
    }
}
