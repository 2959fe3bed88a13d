// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import io.podseal.spring.property.SealedValues;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/** Keeps values out of the exceptions of conversion and binding, where they would go on into logs and error reports. */
public final class SealedValueMasking {
    private static final String ADVISOR = "podsealBindHandlerAdvisor";

    private final SealedValues values;

    private SealedValueMasking(SealedValues values) {
        this.values = values;
    }

    /** Masking of that environment's values. */
    public static SealedValueMasking of(ConfigurableEnvironment environment) {
        return new SealedValueMasking(SealedValues.of(environment));
    }

    /** Masks what that factory's beans are injected with ({@code @Value}) and bound to ({@code @ConfigurationProperties}). */
    public void install(ConfigurableListableBeanFactory beans) {
        beans.setTypeConverter(new MaskingTypeConverter(beans, values));
        beans.registerSingleton(ADVISOR, new MaskingBindHandlerAdvisor(values));
    }
}
