// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.podseal.store.Generation;
import io.podseal.store.OpenListener;
import java.util.Map;
import java.util.Set;

/**
 * Micronaut keeps the String that it converted a property to. This makes it forget after each new generation, so that the
 * next question is answered from that.
 */
final class ConversionCache implements OpenListener {
    private static final PropertySource NOTHING = PropertySource.of("podseal-nothing", Map.of());

    private final Environment environment;

    ConversionCache(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void opened(Generation generation, Set<String> changedNames) {
        environment.removePropertySource(NOTHING); // clears the cache, whatever is removed
    }
}
