// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.podseal.PodsealException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Starts real applications without a web server. */
final class Starts {
    private Starts() {}

    @Configuration(proxyBeanMethods = false)
    static class Empty {}

    static ConfigurableApplicationContext start(Class<?> application, String... args) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(args);
    }

    /** What a start fails with. */
    static Throwable failure(Class<?> application, String... args) {
        Throwable failure = catchThrowable(() -> start(application, args).close());
        return failure != null ? failure : fail("the application started");
    }

    /** The refusal that stops a start. */
    static PodsealException refusal(String... args) {
        for (Throwable cause = failure(Empty.class, args); cause != null; cause = cause.getCause()) {
            if (cause instanceof PodsealException refusal) {
                return refusal;
            }
        }
        return fail("the start failed, but not by a refusal");
    }
}
