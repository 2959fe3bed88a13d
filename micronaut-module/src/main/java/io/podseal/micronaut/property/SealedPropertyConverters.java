// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.property;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.convert.MutableConversionService;
import io.micronaut.core.convert.TypeConverterRegistrar;
import io.podseal.ErrorCode;
import io.podseal.SecretValue;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decrypts a {@link SealedProperty} at the moment when a type is asked for. {@code String}, {@code char[]} and
 * {@code byte[]} are given as they are; any other type is what Micronaut makes of the String, and where it makes nothing of
 * it the error shows the property's name in place of its value.
 */
public final class SealedPropertyConverters implements TypeConverterRegistrar {
    /** For the service loader. */
    public SealedPropertyConverters() {}

    @Override
    public void register(MutableConversionService conversions) {
        add(conversions, String.class, SecretValue::revealString);
        add(conversions, CharSequence.class, SecretValue::revealString);
        add(conversions, char[].class, SecretValue::revealChars);
        add(conversions, byte[].class, SecretValue::revealBytes);
        conversions.addConverter(
                SealedProperty.class,
                Object.class,
                (property, type, context) -> viaString(conversions, property, type, context));
    }

    private static <T> void add(MutableConversionService conversions, Class<T> type, Function<SecretValue, T> reveal) {
        conversions.addConverter(
                SealedProperty.class, type, (property, target, context) -> Optional.of(open(property, reveal)));
    }

    private static <T> T open(SealedProperty property, Function<SecretValue, T> reveal) {
        try (SecretValue value = property.open()) {
            return reveal.apply(value);
        }
    }

    private static Optional<Object> viaString(
            MutableConversionService conversions,
            SealedProperty property,
            Class<Object> type,
            ConversionContext context) {
        String text = open(property, SecretValue::revealString);
        Optional<Object> converted;
        try {
            converted = conversions.convert(text, type, apart(context));
        } catch (RuntimeException notConverted) {
            converted = Optional.empty(); // its message holds the value
        }
        if (converted.isEmpty()) {
            context.reject(
                    property,
                    ErrorCode.CONFIGURATION.because("property " + property.name() + " is no " + type.getSimpleName()
                            + "; seal a value of that type, or ask for a String"));
        }
        return converted;
    }

    /** The same request, but with errors of its own: those that the String's conversion leaves behind quote it. */
    private static ConversionContext apart(ConversionContext context) {
        return context instanceof ArgumentConversionContext<?> argument
                ? ConversionContext.of(argument.getArgument(), argument.getLocale(), argument.getCharset())
                : ConversionContext.DEFAULT;
    }
}
