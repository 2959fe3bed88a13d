// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import io.micronaut.context.ApplicationContext;
import io.podseal.PodsealException;
import io.podseal.framework.Framework;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Micronaut, as the contracts of all frameworks see it. */
final class Micronaut implements Framework {
    private static ApplicationContext start(String location, Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("podseal.import[0]", location);
        return ApplicationContext.run(all);
    }

    @Override
    public @Nullable String property(String name, String location, Map<String, String> settings) {
        try (ApplicationContext context = start(location, settings)) {
            return context.getProperty(name, String.class).orElse(null);
        }
    }

    @Override
    public PodsealException refusal(String location, Map<String, String> settings) {
        PodsealException refusal = catchThrowableOfType(
                PodsealException.class, () -> start(location, settings).close());
        return refusal != null ? refusal : fail("the application started");
    }
}
