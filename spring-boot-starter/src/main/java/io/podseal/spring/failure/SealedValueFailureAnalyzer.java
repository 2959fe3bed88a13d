// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import io.podseal.spring.property.SealedOrigin;
import io.podseal.spring.property.SealedValues;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Where any other failure of a start quotes a sealed value, reports the types of its causes instead of their messages. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SealedValueFailureAnalyzer implements FailureAnalyzer {
    private final Environment environment;

    SealedValueFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        if (!quotesSealedValue(failure)) {
            return null;
        }
        String types =
                Causes.of(failure).map(cause -> cause.getClass().getName()).collect(Collectors.joining(", caused by "));
        return new FailureAnalysis(
                "The start failed with " + types + ". Its message holds a sealed value and is not shown"
                        + Causes.of(failure)
                                .filter(BindException.class::isInstance)
                                .map(bind -> "; property '" + ((BindException) bind).getName() + "' could not be bound")
                                .findFirst()
                                .orElse("")
                        + ".",
                "Seal a value of the kind that is needed there, without a line end.",
                null);
    }

    private boolean quotesSealedValue(Throwable failure) {
        boolean bindsUnmasked = !Causes.contain(failure, UnshownValueException.class)
                && Causes.of(failure)
                        .anyMatch(cause ->
                                cause instanceof BindException bind && SealedOrigin.of(bind.getProperty()) != null);
        return bindsUnmasked
                || (environment instanceof ConfigurableEnvironment configurable
                        && SealedValues.of(configurable).occurInMessages(failure));
    }
}
