// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import io.podseal.PodsealException;
import io.podseal.framework.Framework;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Spring Boot, as the contracts of all frameworks see it. */
final class SpringBoot implements Framework {
    private static String[] args(String location, Map<String, String> settings) {
        Stream<String> args = settings.entrySet().stream().map(set -> "--" + set.getKey() + "=" + set.getValue());
        return Stream.concat(args, Stream.of("--spring.config.import=" + location))
                .toArray(String[]::new);
    }

    @Override
    public @Nullable String property(String name, String location, Map<String, String> settings) {
        try (var context = Starts.start(Starts.Empty.class, args(location, settings))) {
            return context.getEnvironment().getProperty(name);
        }
    }

    @Override
    public PodsealException refusal(String location, Map<String, String> settings) {
        return Starts.refusal(args(location, settings));
    }
}
