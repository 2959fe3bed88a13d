// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.property;

import io.micronaut.context.annotation.Value;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who in Micronaut asks for a text and would quote it in a message of its own: a {@code @Requires} that compares a property,
 * and the bean of a {@code @Value} that is no text, which Micronaut converts only after the placeholder was replaced. Neither
 * passes on who it is, so it is read from the stack.
 *
 * @param condition whether a condition asks
 * @param definition the class of the bean definition whose placeholders are being replaced, or null
 */
record QuotingCaller(boolean condition, @Nullable Class<?> definition) {
    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
    private static final String CONDITION = "io.micronaut.context.conditions.MatchesPropertyCondition";
    private static final String PLACEHOLDERS = "resolvePlaceholders";
    private static final Pattern NAME = Pattern.compile("\\$\\{([^:}]+)[:}]");
    private static final Set<Class<?>> TEXTS =
            Set.of(String.class, CharSequence.class, Object.class, char[].class, byte[].class);

    static QuotingCaller find() {
        List<StackFrame> frames = STACK.walk(all -> all.toList());
        boolean condition =
                frames.stream().anyMatch(frame -> frame.getClassName().equals(CONDITION));
        Class<?> definition = frames.stream()
                .dropWhile(frame -> !frame.getMethodName().equals(PLACEHOLDERS))
                .map(StackFrame::getDeclaringClass)
                .filter(type ->
                        BeanDefinition.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                .findFirst()
                .orElse(null);
        return new QuotingCaller(condition, definition);
    }

    /** @throws PodsealException {@code CONFIGURATION} where a condition compares the property */
    void refuseComparison(String property) {
        if (condition) {
            throw ErrorCode.CONFIGURATION.because(
                    "property " + property + ": a @Requires compares its value, and Micronaut"
                            + " quotes what it compares; require the property to be there, or another one to have that value");
        }
    }

    /** What else than text the placeholders that name this property are to become. */
    List<Argument<?>> targets(String property) {
        if (definition == null) {
            return List.of();
        }
        BeanDefinition<?> bean;
        try {
            bean = (BeanDefinition<?>) definition.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException notMadeByMicronaut) {
            return List.of();
        }
        return arguments(bean)
                .filter(argument -> names(
                        argument.getAnnotationMetadata()
                                .stringValue(Value.class)
                                .orElse(""),
                        property))
                .filter(argument -> !TEXTS.contains(argument.getType()))
                .toList();
    }

    private static Stream<Argument<?>> arguments(BeanDefinition<?> bean) {
        Stream<Argument<?>> constructor = Arrays.stream(bean.getConstructor().getArguments());
        Stream<Argument<?>> fields = bean.getInjectedFields().stream().map(field -> field.asArgument());
        Stream<Argument<?>> methods =
                bean.getInjectedMethods().stream().flatMap(method -> Arrays.stream(method.getArguments()));
        return Stream.of(constructor, fields, methods).flatMap(all -> all);
    }

    private static boolean names(String expression, String property) {
        Matcher placeholder = NAME.matcher(expression);
        return placeholder
                .results()
                .anyMatch(found -> NameUtils.hyphenate(found.group(1)).equals(NameUtils.hyphenate(property)));
    }
}
