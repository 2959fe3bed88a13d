// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import io.podseal.spring.property.SealedValues;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.SimpleTypeConverter;
import org.springframework.beans.TypeConverter;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
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
        return convertIfNecessary(value, type, type == null ? null : TypeDescriptor.valueOf(type));
    }

    @Override
    public <T> @Nullable T convertIfNecessary(
            @Nullable Object value, @Nullable Class<T> type, @Nullable MethodParameter parameter) {
        return parameter == null
                ? convertIfNecessary(value, type)
                : convertIfNecessary(value, type, new TypeDescriptor(parameter));
    }

    @Override
    public <T> @Nullable T convertIfNecessary(@Nullable Object value, @Nullable Class<T> type, @Nullable Field field) {
        return field == null
                ? convertIfNecessary(value, type)
                : convertIfNecessary(value, type, new TypeDescriptor(field));
    }

    @Override
    @SuppressWarnings("unchecked") // as Spring's own converter: the service answers with an object of the target's type
    public <T> @Nullable T convertIfNecessary(
            @Nullable Object value, @Nullable Class<T> type, @Nullable TypeDescriptor target) {
        SimpleTypeConverter converter = new SimpleTypeConverter();
        ConversionService service = beans.getConversionService();
        converter.setConversionService(service);
        beans.copyRegisteredEditorsTo(converter);
        try {
            if (value == null || type == null || target == null || type.isInstance(value)) {
                return converter.convertIfNecessary(value, type, target);
            }
            TypeDescriptor source = TypeDescriptor.forObject(value);
            if (service != null
                    && service.canConvert(source, target)
                    && !hasEditor(converter, type)
                    && values.occurIn(value)) {
                // Not the converter, which tries other ways in vain and logs the value at TRACE.
                return (T) service.convert(value, source, target);
            }
            return converter.convertIfNecessary(value, type, target);
        } catch (TypeMismatchException | ConversionException failure) {
            if (!values.occurIn(value) && !values.occurInMessages(failure)) {
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

    private static boolean hasEditor(SimpleTypeConverter converter, Class<?> type) {
        boolean scalar =
                !type.isArray() && !Collection.class.isAssignableFrom(type) && !Map.class.isAssignableFrom(type);
        return converter.findCustomEditor(type, null) != null || (scalar && converter.getDefaultEditor(type) != null);
    }
}
