// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts real applications without a web server. */
final class Starts {
    private Starts() {}

    static ConfigurableApplicationContext start(Class<?> application, String... args) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(args);
    }
}
