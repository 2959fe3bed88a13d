// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports a sealed value that could not be converted, bound or validated, ahead of Boot's analyzers, which print it. */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class UnshownValueFailureAnalyzer extends AbstractFailureAnalyzer<UnshownValueException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnshownValueException cause) {
        return new FailureAnalysis(
                cause.getMessage() + " (" + rootFailure.getMessage() + ").",
                "Seal a value of the type that is needed there, without a line end, or correct the type.",
                cause);
    }
}
