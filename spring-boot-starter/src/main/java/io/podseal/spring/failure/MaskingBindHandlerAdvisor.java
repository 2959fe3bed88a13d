// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import io.podseal.spring.property.SealedOrigin;
import io.podseal.spring.property.SealedValues;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Replaces a failure to bind or validate a sealed value, whose message quotes it, by one that does not. */
final class MaskingBindHandlerAdvisor implements ConfigurationPropertiesBindHandlerAdvisor {
    private final SealedValues values;

    MaskingBindHandlerAdvisor(SealedValues values) {
        this.values = values;
    }

    @Override
    public BindHandler apply(BindHandler handler) {
        return new Masking(handler);
    }

    private final class Masking extends AbstractBindHandler {
        Masking(BindHandler parent) {
            super(parent);
        }

        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                throws Exception {
            try {
                return super.onFailure(name, target, context, error);
            } catch (Exception failure) {
                throw masked(name, target, context.getConfigurationProperty(), failure);
            }
        }

        private Exception masked(
                ConfigurationPropertyName name,
                Bindable<?> target,
                @Nullable ConfigurationProperty property,
                Exception failure) {
            if (Causes.contain(failure, UnshownValueException.class)) {
                return failure; // an inner level has masked it
            }
            SealedOrigin origin = SealedOrigin.of(property);
            if (origin == null && !values.occurInMessages(failure)) {
                return failure;
            }
            return new UnshownValueException("Property '" + name + "'"
                    + (origin == null ? "" : ", " + origin + ",")
                    + " cannot be bound to " + target.getType()
                    + ", or is not valid there. Its value is sealed and not shown");
        }
    }
}
