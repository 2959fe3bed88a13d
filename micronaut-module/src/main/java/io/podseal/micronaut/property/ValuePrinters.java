// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.property;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The places where Micronaut itself prints every property that it converts, the plaintext of a sealed one included. As long
 * as one of them is switched on, no value is decrypted.
 */
final class ValuePrinters {
    /** Of Micronaut 4's environments, of Micronaut 5's, and of the bean resolution tracer of both. */
    private static final List<String> LOGGERS = List.of(
            "io.micronaut.context.DefaultApplicationContext$RuntimeConfiguredEnvironment",
            "io.micronaut.context.env.DefaultEnvironment",
            "io.micronaut.context.env.PropertySourcePropertyResolver",
            "io.micronaut.inject");

    private ValuePrinters() {}

    /** @throws PodsealException {@code CONFIGURATION} where a value would be printed */
    static void refuse(String property) {
        for (String logger : LOGGERS) {
            if (LoggerFactory.getLogger(logger).isTraceEnabled()) {
                throw printed(property, "logger " + logger + " is at TRACE", "set it to DEBUG");
            }
        }
        if (isSet("micronaut.inject.trace", "MICRONAUT_INJECT_TRACE")) {
            throw printed(property, "micronaut.inject.trace is set", "remove it");
        }
        if (isSet("micronaut.inject.trace.mode", "MICRONAUT_INJECT_TRACE_MODE")) {
            throw printed(property, "micronaut.inject.trace.mode is set", "remove it");
        }
    }

    private static boolean isSet(String property, String variable) {
        return given(System.getProperty(property)) || given(System.getenv(variable));
    }

    private static boolean given(@Nullable String value) {
        return !Objects.requireNonNullElse(value, "none").equalsIgnoreCase("none");
    }

    private static PodsealException printed(String property, String cause, String remedy) {
        return ErrorCode.CONFIGURATION.because("property " + property + ": " + cause
                + ", so Micronaut would print the plaintext of every property that it converts; " + remedy);
    }
}
