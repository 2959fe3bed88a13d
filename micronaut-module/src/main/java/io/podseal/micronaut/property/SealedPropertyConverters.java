// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.property;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.convert.MutableConversionService;
import io.micronaut.core.convert.TypeConverterRegistrar;
import io.micronaut.core.type.Argument;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
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
        Texts texts = new Texts(conversions);
        conversions.addConverter(
                SealedProperty.class, String.class, (property, type, context) -> Optional.of(texts.string(property)));
        conversions.addConverter(
                SealedProperty.class,
                CharSequence.class,
                (property, type, context) -> Optional.of(texts.string(property)));
        conversions.addConverter(
                SealedProperty.class,
                char[].class,
                (property, type, context) -> Optional.of(open(property, SecretValue::revealChars)));
        conversions.addConverter(
                SealedProperty.class,
                byte[].class,
                (property, type, context) -> Optional.of(open(property, SecretValue::revealBytes)));
        conversions.addConverter(
                SealedProperty.class, Object.class, (property, type, context) -> texts.as(type, property, context));
    }

    private static <T> T open(SealedProperty property, Function<SecretValue, T> reveal) {
        ValuePrinters.refuse(property.name());
        try (SecretValue value = property.open()) {
            return reveal.apply(value);
        }
    }

    /** What becomes of a value as text. */
    private record Texts(MutableConversionService conversions) {
        String string(SealedProperty property) {
            QuotingCaller caller = QuotingCaller.find();
            caller.refuseComparison(property.name());
            String text = open(property, SecretValue::revealString);
            for (Argument<?> target : caller.targets(property.name())) {
                if (convert(text, target.getType(), ConversionContext.of(target))
                        .isEmpty()) {
                    throw notConverted(property, target.getType());
                }
            }
            return text;
        }

        Optional<Object> as(Class<Object> type, SealedProperty property, ConversionContext context) {
            Optional<Object> converted = convert(open(property, SecretValue::revealString), type, apart(context));
            if (converted.isEmpty()) {
                context.reject(property, notConverted(property, type));
            }
            return converted;
        }

        private <T> Optional<T> convert(String text, Class<T> type, ConversionContext context) {
            try {
                return conversions.convert(text, type, context);
            } catch (RuntimeException notConverted) {
                return Optional.empty(); // its message holds the value
            }
        }
    }

    private static PodsealException notConverted(SealedProperty property, Class<?> type) {
        return ErrorCode.CONFIGURATION.because("property " + property.name() + " is no " + type.getSimpleName()
                + "; seal a value of that type, or ask for a String");
    }

    /** The same request, but with errors of its own: those that the String's conversion leaves behind quote it. */
    private static ConversionContext apart(ConversionContext context) {
        return context instanceof ArgumentConversionContext<?> argument
                ? ConversionContext.of(argument.getArgument(), argument.getLocale(), argument.getCharset())
                : ConversionContext.DEFAULT;
    }
}
