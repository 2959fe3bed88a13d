// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Masks sealed values in {@code /env} and {@code /configprops}: what comes from a Podseal source, and what holds such a value,
 * for example a URL with a password in it. First, because Boot stops at the first function that changes a value.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class ValueSanitizer implements SanitizingFunction {
    private final SealedValues values;

    /** A function that masks the values of that environment. */
    public ValueSanitizer(ConfigurableEnvironment environment) {
        this.values = SealedValues.of(environment);
    }

    @Override
    public SanitizableData apply(SanitizableData data) {
        boolean sealed = data.getPropertySource() instanceof PodsealPropertySource;
        return sealed || values.occurIn(data.getValue()) ? data.withSanitizedValue() : data;
    }
}
