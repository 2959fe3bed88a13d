// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import io.podseal.spring.property.SealedValues;
import java.lang.reflect.Field;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.SimpleTypeConverter;
import org.springframework.beans.TypeConverter;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.TypeDescriptor;

/**
 * Converts as the bean factory would by itself, and replaces a failure to convert a sealed value, whose message quotes it, by
 * one that does not. Thread-safe: each conversion has a converter of its own, as the factory's have.
 */
final class MaskingTypeConverter implements TypeConverter {
    private final ConfigurableBeanFactory beans;
    private final SealedValues values;

    MaskingTypeConverter(ConfigurableBeanFactory beans, SealedValues values) {
        this.beans = beans;
        this.values = values;
    }

    @Override
    public <T> @Nullable T convertIfNecessary(@Nullable Object value, @Nullable Class<T> type) {
        return masking(type, converter -> converter.convertIfNecessary(value, type));
    }

    @Override
    public <T> @Nullable T convertIfNecessary(
            @Nullable Object value, @Nullable Class<T> type, @Nullable MethodParameter parameter) {
        return masking(type, converter -> converter.convertIfNecessary(value, type, parameter));
    }

    @Override
    public <T> @Nullable T convertIfNecessary(@Nullable Object value, @Nullable Class<T> type, @Nullable Field field) {
        return masking(type, converter -> converter.convertIfNecessary(value, type, field));
    }

    @Override
    public <T> @Nullable T convertIfNecessary(
            @Nullable Object value, @Nullable Class<T> type, @Nullable TypeDescriptor descriptor) {
        return masking(type, converter -> converter.convertIfNecessary(value, type, descriptor));
    }

    private <T> @Nullable T masking(@Nullable Class<T> type, Function<TypeConverter, @Nullable T> conversion) {
        SimpleTypeConverter converter = new SimpleTypeConverter();
        converter.setConversionService(beans.getConversionService());
        beans.copyRegisteredEditorsTo(converter);
        try {
            return conversion.apply(converter);
        } catch (TypeMismatchException failure) {
            if (!values.occurIn(failure.getValue()) && !values.occurInMessages(failure)) {
                throw failure;
            }
            throw new TypeMismatchException(
                    "***",
                    type,
                    new UnshownValueException("What is injected here cannot be converted to "
                            + (type == null ? "the type" : type.getName())
                            + ". It holds a sealed value and is not shown"));
        }
    }
}
